// The board: cards move by mouse, finger or keyboard; the page moves first, the server has the last word.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const board = () => $("[data-board]");
  const nameOf = (card) => card.dataset.name || $("h3", card)?.textContent.trim() || "";
  const say = (words) => { $("[data-board-says]").textContent = words; };
  const fill = (text, card, lane) => text.replace("{card}", nameOf(card)).replace("{stage}", lane?.dataset.laneName ?? "");
  const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" });
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  // Dragging -------------------------------------------------------------------------------------------------------------
  function ready(lane) {
    if (lane.dataset.ready || !window.Sortable) return;
    lane.dataset.ready = "1";
    window.Sortable.create($("[data-cards]", lane), {
      group: "board",
      sort: false,
      draggable: "[data-card]",
      filter: "a, button, summary, .menu-body, form",
      preventOnFilter: false,
      ghostClass: "ghost",
      animation: 140,
      delay: 160,
      delayOnTouchOnly: true,
      scroll: true,
      onStart: () => { board().dataset.dragging = "1"; },
      onEnd: (event) => {
        delete board().dataset.dragging;
        if (event.from === event.to) return;
        const before = { cards: event.from, next: event.from.querySelectorAll("[data-card]")[event.oldDraggableIndex] ?? null };
        move(event.item, event.to.closest("[data-lane]"), before);
      },
    });
  }

  // One move: shown at once, confirmed or taken back. ------------------------------------------------------------------------
  async function move(card, lane, before, { undoes = false } = {}) {
    const from = before.cards.closest("[data-lane]");
    const back = () => before.cards.insertBefore(card, before.next?.parentNode === before.cards ? before.next : $("[data-card]", before.cards));
    $$("[data-refusal]", card).forEach((old) => old.remove());
    card.classList.add("sending");
    const body = new URLSearchParams({ stage: lane.dataset.lane, version: card.dataset.version ?? "" });
    const answer = await fetch(card.dataset.moveUrl, { method: "POST", headers: headers(), body }).catch(() => null);
    card.classList.remove("sending");
    if (!answer) {
      back();
      window.salesmode.say($("#toasts").dataset.offline, "error");
      return;
    }
    const page = parse(await answer.text());
    if (!answer.ok) {
      back();
      const refusal = $("[data-refusal], .errors", page);
      if (refusal) card.append(document.importNode(refusal, true));
      else window.salesmode.say($("#toasts").dataset.offline, "error");
      card.focus();
      return;
    }
    const moved = $(`[data-card="${CSS.escape(card.dataset.card)}"]`, page);
    let now = card;
    if (moved) {
      now = document.importNode(moved, true);
      card.replaceWith(now);
      window.htmx.process(now);
    }
    now.focus({ preventScroll: true });
    const heads = $$("[data-lane-head]", page);
    heads.length ? heads.forEach(putHead) : [from, lane].forEach(refreshHead);
    $$("#toasts > *", page).forEach((line) => $("#toasts").append(document.importNode(line, true)));
    document.dispatchEvent(new CustomEvent("htmx:afterSettle"));
    if (!undoes && !$("#toasts > *", page)) offerUndo(now, lane, from);
  }
  function putHead(head) {
    const here = document.getElementById(head.id);
    if (here) here.replaceWith(document.importNode(head, true));
  }
  async function refreshHead(lane) {
    if (!lane.dataset.laneUrl) return;
    const answer = await fetch(lane.dataset.laneUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.ok) $$("[data-lane-head]", parse(await answer.text())).forEach(putHead);
  }
  function offerUndo(card, lane, from) {
    const data = board().dataset;
    window.salesmode.say(fill(data.moved, card, lane));
    const line = $("#toasts > :last-child");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: data.undo });
    button.addEventListener("click", () => {
      line.remove();
      const here = $(`[data-card="${CSS.escape(card.dataset.card)}"]`);
      if (!here) return;
      const before = { cards: here.parentNode, next: here.nextElementSibling };
      $("[data-cards]", from).prepend(here);
      move(here, from, before, { undoes: true });
    });
    line.append(button);
  }

  // Keyboard: Space picks up, arrows choose, Space puts down, Escape leaves it. ----------------------------------------------
  let held = null;
  document.addEventListener("keydown", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card || event.target !== card || !board()?.contains(card)) return;
    const lanes = $$("[data-lane]");
    const lane = card.closest("[data-lane]");
    const beside = (by) => lanes[lanes.indexOf(lane) + by];
    if (event.key === " ") {
      event.preventDefault();
      if (!held) pickUp(card, lane);
      else putDown(card, lane);
    } else if (event.key === "Escape" && held) {
      event.preventDefault();
      held.before.cards.insertBefore(card, held.before.next);
      say(fill(board().dataset.left, card, held.lane));
      letGo(card);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      const there = beside(event.key === "ArrowLeft" ? -1 : 1);
      if (!there) return;
      if (held) {
        $("[data-cards]", there).prepend(card);
        say(fill(board().dataset.over, card, there));
        card.focus();
        there.scrollIntoView({ inline: "nearest", block: "nearest" });
      } else $("[data-card]", there)?.focus();
    } else if (!held && (event.key === "ArrowDown" || event.key === "j")) {
      event.preventDefault();
      card.nextElementSibling?.focus?.();
    } else if (!held && (event.key === "ArrowUp" || event.key === "k")) {
      event.preventDefault();
      card.previousElementSibling?.focus?.();
    } else if (!held && event.key === "Enter") {
      $("h3 a", card)?.click();
    }
  });
  function pickUp(card, lane) {
    held = { card, lane, before: { cards: card.parentNode, next: card.nextElementSibling } };
    card.classList.add("held");
    say(fill(board().dataset.picked, card, lane));
  }
  function putDown(card, lane) {
    const { before, lane: from } = held;
    letGo(card);
    if (lane === from) {
      before.cards.insertBefore(card, before.next);
      say(fill(board().dataset.left, card, from));
      return;
    }
    move(card, lane, before);
  }
  function letGo(card) {
    card.classList.remove("held");
    held = null;
    card.focus();
  }

  // The card's menu: made when it is asked for, so that a hundred cards do not carry a hundred menus. ------------------------
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-card-menu]");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      openMenu(link);
    }
    const to = event.target.closest("[data-to]");
    const card = to?.closest("[data-card]");
    if (card) {
      const lane = $(`[data-lane="${CSS.escape(to.dataset.to)}"]`);
      const before = { cards: card.parentNode, next: card.nextElementSibling };
      to.closest("[data-menu]").replaceWith(card.menuLink);
      if (!lane || lane.contains(card)) return;
      $("[data-cards]", lane).prepend(card);
      move(card, lane, before);
    }
  });
  function openMenu(link) {
    const card = link.closest("[data-card]");
    const menu = document.createElement("details");
    menu.className = "menu";
    menu.dataset.menu = "";
    const summary = document.createElement("summary");
    summary.className = "icon-button";
    summary.setAttribute("aria-label", link.getAttribute("aria-label"));
    summary.append(...[...link.childNodes].map((node) => node.cloneNode(true)));
    const body = document.createElement("div");
    body.className = "menu-body end";
    body.append($("#card-menu").content.cloneNode(true));
    for (const name of ["href", "action"]) {
      $$(`[${name}]`, body).forEach((each) => each.setAttribute(name, each.getAttribute(name).replace("{id}", card.dataset.card)));
    }
    $(`[data-to="${CSS.escape(card.closest("[data-lane]").dataset.lane)}"]`, body)?.remove();
    menu.append(summary, body);
    card.menuLink = link;
    link.replaceWith(menu);
    menu.open = true;
    summary.focus();
    menu.addEventListener("toggle", () => { if (!menu.open && menu.isConnected) menu.replaceWith(link); });
  }

  const start = () => $$("[data-lane]").forEach(ready);
  document.addEventListener("DOMContentLoaded", start);
  document.addEventListener("htmx:afterSettle", start);
})();

// The board hears what others do: changed cards fade in where they belong now, sums follow. Nothing moves under a hand.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const NAMES = ["opened", "amended", "moved", "won", "lost", "reopened", "handed_over"];
  const CALM = 400;
  const LONGEST = 300_000;
  const changed = new Set();
  let all = false;
  let timer;
  let again;

  const board = () => $("[data-board][data-live]");
  const isBusy = () => document.hidden || board().dataset.dragging || $(".held, .sending, [data-card] [data-menu][open]", board());
  const cardOf = (key, root = document) => $(`[data-card="${CSS.escape(key)}"]`, root);

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(refresh, CALM);
  }

  async function refresh() {
    if (isBusy()) { soon(); return; }
    const keys = new Set(changed);
    const everything = all;
    changed.clear();
    all = false;
    const lanes = $$("[data-lane]", board());
    const pages = await Promise.all(lanes.map(fetchLane));
    if (pages.some((page) => !page)) return;
    if (everything) $$("[data-card]", board()).forEach((card) => keys.add(card.dataset.card));
    if (everything) pages.forEach((page) => $$("[data-card]", page).forEach((card) => keys.add(card.dataset.card)));
    lanes.forEach((lane, index) => replace($("[data-lane-head]", lane), $("[data-lane-head]", pages[index])));
    keys.forEach((key) => place(key, lanes, pages));
  }

  async function fetchLane(lane) {
    const answer = await fetch(lane.dataset.laneUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
    return answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  }

  function replace(old, fresh) {
    if (old && fresh && old.textContent !== fresh.textContent) old.replaceWith(document.importNode(fresh, true));
  }

  function place(key, lanes, pages) {
    const here = cardOf(key, board());
    const index = pages.findIndex((page) => cardOf(key, page));
    if (index < 0) {
      if (here && !here.contains(document.activeElement)) here.remove();
      return;
    }
    const there = cardOf(key, pages[index]);
    const isThere = here && lanes[index].contains(here);
    if (isThere && here.dataset.version === there.dataset.version) return;
    const hadFocus = here?.contains(document.activeElement);
    const fresh = document.importNode(there, true);
    fresh.classList.add("fresh");
    if (isThere) here.replaceWith(fresh);
    else {
      here?.remove();
      const next = there.nextElementSibling?.dataset.card;
      const cards = $("[data-cards]", lanes[index]);
      cards.insertBefore(fresh, (next && cardOf(next, cards)) || null);
    }
    if (hadFocus) fresh.focus({ preventScroll: true });
    window.htmx?.process(fresh);
  }

  function hear(event) {
    (JSON.parse(event.data).related ?? []).forEach((name) => {
      const [kind, key] = name.split(":");
      if (kind === "deal") changed.add(key);
    });
    soon();
  }

  function everythingMayHaveChanged() {
    all = true;
    soon();
  }

  // A lost connection comes back by itself, a refused one does not: a deploy may take a while.
  function listen(wasDeaf, pause = 5000) {
    const source = new EventSource(board().dataset.live);
    source.addEventListener("open", () => {
      if (wasDeaf) everythingMayHaveChanged();
      wasDeaf = true;
      pause = 5000;
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) again = setTimeout(listen, pause, true, Math.min(pause * 2, LONGEST));
    });
    NAMES.forEach((name) => source.addEventListener(`deal.${name}`, hear));
    source.addEventListener("resync", everythingMayHaveChanged);
    addEventListener("pagehide", () => { source.close(); clearTimeout(again); }, { once: true });
  }

  const canListen = () => board() && window.EventSource;
  document.addEventListener("DOMContentLoaded", () => canListen() && listen(false));
  addEventListener("pageshow", (event) => event.persisted && canListen() && listen(true));
})();

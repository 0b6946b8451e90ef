// The frame: menus, toasts, refusals, side panel, palette keys. Behaviour hangs on data- attributes.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const TOAST_STAYS = 8000;
  const YEAR = 31536000;

  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  // Toasts -----------------------------------------------------------------------------------------------------------
  const toasts = () => $("#toasts");
  function keepToast(line) {
    if (line.dataset.kept) return;
    line.dataset.kept = "1";
    let timer;
    const leave = () => { line.classList.add("leaving"); setTimeout(() => line.remove(), 220); };
    const wait = () => { timer = setTimeout(leave, TOAST_STAYS); };
    line.addEventListener("pointerenter", () => clearTimeout(timer));
    line.addEventListener("pointerleave", wait);
    line.addEventListener("focusin", () => clearTimeout(timer));
    line.addEventListener("focusout", wait);
    $("[data-close-toast]", line)?.addEventListener("click", leave);
    wait();
  }
  function say(text, tone = "success") {
    const line = document.createElement("div");
    line.className = `toast-line ${tone}`;
    line.dataset.toast = "";
    if (tone === "error") line.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.textContent = text;
    line.append(words);
    toasts().append(line);
    keepToast(line);
  }
  const keepAll = () => $$("[data-toast]").forEach(keepToast);
  window.salesmode = { say };

  function stash(page) {
    const lines = $$("#toasts > [data-toast]", page).map((line) => line.outerHTML);
    if (lines.length) sessionStorage.setItem("toasts", lines.join(""));
  }
  function unstash() {
    const lines = sessionStorage.getItem("toasts");
    if (!lines) return;
    sessionStorage.removeItem("toasts");
    toasts().append(...parse(lines).body.children);
  }

  // Refusals: said beside what was refused, the thing itself stays as it was. -------------------------------------------
  function explain(target, refusal) {
    const place = target?.closest?.("[data-refusal-place]") ?? $("[data-refusal-place]", target ?? document.body);
    if (!place || place === document.body) {
      say(refusal.textContent.trim().replace(/\s+/g, " "), "error");
      return;
    }
    $$("[data-refusal]", place).forEach((old) => old.remove());
    const said = document.importNode(refusal, true);
    place.append(said);
    setTimeout(() => said.remove(), TOAST_STAYS * 2);
  }
  window.salesmode.explain = explain;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status < 400) return;
    const refusal = $("[data-refusal]", parse(xhr.responseText));
    if (refusal) {
      event.detail.shouldSwap = false;
      explain(requestConfig.elt, refusal);
    }
  });
  document.addEventListener("htmx:sendError", () => say(toasts().dataset.offline, "error"));
  document.addEventListener("htmx:timeout", () => say(toasts().dataset.offline, "error"));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) say(toasts().dataset.offline, "error");
  });
  document.addEventListener("htmx:oobAfterSwap", keepAll);
  document.addEventListener("htmx:afterSettle", keepAll);

  // The bell asks again while somebody looks, and as soon as they come back. ---------------------------------------------
  const BELL_RINGS = 30000;
  async function ring() {
    const bell = $("[data-bell]");
    if (!bell || document.hidden) return;
    const answer = await fetch(bell.dataset.bell).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const fresh = $("[data-bell]", parse(await answer.text()));
    if (fresh && fresh.outerHTML !== bell.outerHTML) bell.replaceWith(document.importNode(fresh, true));
  }
  setInterval(ring, BELL_RINGS);
  document.addEventListener("visibilitychange", ring);

  // Menus: details that close each other, on Escape and on a click outside. ---------------------------------------------
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!menu.matches?.("[data-menu]") || !menu.open) return;
    $$("[data-menu][open]").forEach((other) => { if (other !== menu && !other.contains(menu)) other.open = false; });
    keepInView($(".menu-body", menu));
  }, true);
  function keepInView(body) {
    if (!body) return;
    body.style.translate = "";
    const box = body.getBoundingClientRect();
    const clip = body.closest("[data-board], .table-box")?.getBoundingClientRect();
    const left = Math.max(8, clip?.left ?? 0);
    const over = box.right - Math.min(document.documentElement.clientWidth - 8, clip?.right ?? Infinity);
    if (over > 0) body.style.translate = `${-over}px 0`;
    else if (box.left < left) body.style.translate = `${left - box.left}px 0`;
  }
  document.addEventListener("click", (event) => {
    $$("[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // Rail -------------------------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-fold-rail]");
    if (fold) {
      const narrow = document.body.classList.toggle("rail-narrow");
      fold.setAttribute("aria-pressed", narrow);
      document.cookie = `rail=${narrow ? "narrow" : "wide"}; path=/; max-age=${YEAR}; samesite=lax`;
    }
    if (event.target.closest("[data-open-rail]")) {
      event.preventDefault();
      $("[data-rail]").classList.toggle("open");
    }
  });

  // Forms: no double sending, asked before typed text is lost, dangerous acts confirmed. --------------------------------
  const changed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-form]");
    if (form) changed.add(form);
  });
  document.addEventListener("kept", (event) => changed.delete(event.target));
  addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    const question = button?.dataset.confirm ?? form.dataset.confirm;
    if (question && form.dataset.confirmed !== "1") {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(question, button?.textContent.trim() || "OK").then((yes) => {
        if (!yes) return;
        form.dataset.confirmed = "1";
        form.requestSubmit(button ?? undefined);
        delete form.dataset.confirmed;
      });
      return;
    }
    changed.delete(form);
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    if (form.closest("[data-panel]")) {
      event.preventDefault();
      sendFromPanel(form, button).then((leaves) => { if (!leaves) delete form.dataset.sent; });
      return;
    }
    setTimeout(() => { button?.setAttribute("aria-busy", "true"); }, 0);
    setTimeout(() => { delete form.dataset.sent; button?.removeAttribute("aria-busy"); }, 15000);
  }, true);
  addEventListener("pageshow", () => $$("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    $$("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
  }));

  function ask(question, verb) {
    const dialog = document.createElement("dialog");
    dialog.className = "small";
    const words = document.createElement("p");
    words.textContent = question;
    const end = document.createElement("div");
    end.className = "form-end";
    const yes = Object.assign(document.createElement("button"), { className: "btn btn-primary", textContent: verb });
    const no = Object.assign(document.createElement("button"), { className: "btn btn-quiet", textContent: document.body.dataset.no || "×" });
    end.append(yes, no);
    dialog.append(words, end);
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((answer) => {
      yes.addEventListener("click", () => dialog.close("yes"));
      no.addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => { answer(dialog.returnValue === "yes"); dialog.remove(); });
    });
  }

  // Rows of a form's table: one more from its template; without JavaScript the blank rows that are there serve. ----------
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row]");
    if (!button) return;
    const box = button.closest("[data-rows]");
    const form = button.form ?? button.closest("form");
    const total = form.elements[`${button.dataset.addRow}-TOTAL_FORMS`];
    const most = Number(form.elements[`${button.dataset.addRow}-MAX_NUM_FORMS`].value);
    const body = $("tbody", box);
    body.insertAdjacentHTML("beforeend", $("template", box).innerHTML.replaceAll("__prefix__", total.value));
    total.value = Number(total.value) + 1;
    button.hidden = Number(total.value) >= most;
    $("select, input:not([type=hidden]), textarea", body.lastElementChild)?.focus();
  });

  // Side panel: any page with a form, shown at the side; without JavaScript the link opens the page. --------------------
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-open-panel]");
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      openPanel(link.href);
    }
    if (event.target.closest("[data-close-panel], [data-panel] [data-cancel]")) {
      event.preventDefault();
      $("#panel").close();
    }
    const dialog = event.target;
    if (dialog.matches?.("dialog[open]") && !dialog.matches(".palette, .small") && outside(dialog, event)) dialog.close();
    if (dialog.matches?.("dialog.palette[open]") && outside(dialog, event)) dialog.close();
  });
  function outside(dialog, event) {
    const box = dialog.getBoundingClientRect();
    return event.clientX && (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom);
  }
  async function openPanel(address) {
    $$("[data-menu][open]").forEach((menu) => { menu.open = false; });
    const panel = $("#panel");
    const lines = [1, 2, 3, 4].map(() => Object.assign(document.createElement("div"), { className: "skeleton skeleton-line" }));
    // A quick answer needs no sign that it is on its way.
    const waiting = setTimeout(() => { $("#panel-content").replaceChildren(...lines); panel.showModal(); }, 300);
    const answer = await fetch(address, { headers: { "X-Panel": "1" } }).catch(() => null);
    clearTimeout(waiting);
    if (lines[0].isConnected && !panel.open) return;
    if (!answer || !answer.ok) { location.assign(address); return; }
    fillPanel(parse(await answer.text()), address);
    if (!panel.open) panel.showModal();
    $("#panel-content [autofocus], #panel-content input:not([type=hidden]), #panel-content select, #panel-content textarea")?.focus();
  }
  function fillPanel(page, address) {
    const content = $("#panel-content");
    const main = $("#content", page);
    if (!main) { location.assign(address); return; }
    const title = $("h1", main)?.textContent.trim() ?? "";
    const head = document.createElement("div");
    head.className = "panel-head";
    const name = Object.assign(document.createElement("h2"), { textContent: title });
    const close = Object.assign(document.createElement("button"), { type: "button", className: "icon-button", textContent: "×" });
    close.dataset.closePanel = "";
    close.setAttribute("aria-label", $("#panel").dataset.close || "Close");
    head.append(name, close);
    $(".page-head", main)?.remove();
    content.replaceChildren(head, ...main.childNodes);
    $$("form:not([action]), form[action='']", content).forEach((form) => form.setAttribute("action", address));
    window.htmx?.process(content);
    document.dispatchEvent(new CustomEvent("salesmode:filled", { detail: content }));
  }
  async function sendFromPanel(form, button) {
    button?.setAttribute("aria-busy", "true");
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), headers: { "X-Panel": "1" } }).catch(() => null);
    button?.removeAttribute("aria-busy");
    if (!answer) { say(toasts().dataset.offline, "error"); return false; }
    const page = parse(await answer.text());
    if (answer.redirected) { stash(page); location.assign(answer.url); return true; }
    const refusal = answer.status !== 422 && $("[data-refusal]", page);
    if (refusal) { explain(form, refusal); if (!form.closest("[data-refusal-place]")) form.prepend(document.importNode(refusal, true)); return false; }
    fillPanel(page, form.action);
    $("#panel-content [data-focus]")?.focus();
    return false;
  }

  // Palette ------------------------------------------------------------------------------------------------------------
  const palette = () => $("[data-palette]");
  const options = () => $$(".palette-results a", palette()).filter((each) => !each.hidden);
  function openPalette(only = "") {
    const dialog = palette();
    if (!dialog) return;
    $("#panel")?.close();
    dialog.dataset.only = only;
    const input = $("input", dialog);
    input.value = "";
    $("#palette-found").replaceChildren();
    offerThisPage();
    if (!dialog.open) dialog.showModal();
    input.focus();
    narrow();
  }
  // What this page's own buttons and the person's menu do can be done from the palette too.
  function offerThisPage() {
    const place = $("#palette-here");
    const acts = $$(".page-actions a, .page-actions button, .top-right form button").filter((each) => each.textContent.trim());
    place.replaceChildren(...acts.map((act) => {
      const option = document.createElement("a");
      const label = act.textContent.trim().replace(/\s+/g, " ");
      const group = act.closest("form")?.getAttribute("aria-label") ?? place.dataset.group;
      option.href = act.href || "#";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.tabIndex = -1;
      option.dataset.words = `${label} ${group}`;
      const picture = $(".icon", act)?.cloneNode(true) ?? $(".icon", dialogOf("palette")).cloneNode(true);
      const words = Object.assign(document.createElement("span"), { textContent: label });
      const small = Object.assign(document.createElement("small"), { textContent: group });
      option.append(picture, words, small);
      option.addEventListener("click", (event) => { event.preventDefault(); palette().close(); act.click(); });
      return option;
    }));
  }
  const dialogOf = (id) => document.getElementById(id);
  function narrow() {
    const dialog = palette();
    const words = $("input", dialog).value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) $("#palette-found").replaceChildren();
    $$(".palette-commands a", dialog).forEach((each) => {
      const text = each.dataset.words.toLowerCase();
      each.hidden = !words.every((word) => text.includes(word)) || (dialog.dataset.only === "creates" && !("creates" in each.dataset));
    });
    choose(0);
    $(".palette-none", dialog).hidden = options().length > 0;
  }
  function choose(index) {
    const list = options();
    $$(".palette-results a[aria-selected=true]", palette()).forEach((each) => each.setAttribute("aria-selected", "false"));
    const chosen = list[(index + list.length) % list.length];
    if (!chosen) return;
    chosen.id ||= `option-${Math.random().toString(36).slice(2)}`;
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    $("input", palette()).setAttribute("aria-activedescendant", chosen.id);
  }
  document.addEventListener("input", (event) => { if (event.target.closest("[data-palette]")) narrow(); });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "palette-found") narrow(); });
  document.addEventListener("keydown", (event) => {
    const dialog = event.target.closest?.("[data-palette]");
    if (!dialog) return;
    // Browsers first empty a search field on Escape; here it closes.
    if (event.key === "Escape") { event.preventDefault(); dialog.close(); return; }
    const list = options();
    const at = list.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") { event.preventDefault(); choose(at + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); choose(at - 1); }
    if (event.key === "Enter" && !event.isComposing && list[at]) {
      event.preventDefault();
      event.ctrlKey || event.metaKey ? window.open(list[at].href) : list[at].click();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-palette]")) { event.preventDefault(); openPalette(); }
    if (event.target.closest("[data-open-create]")) { event.preventDefault(); openPalette("creates"); }
  });

  let goes = 0;

  // Keys ---------------------------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); openPalette(); return; }
    if (event.key === "Escape") {
      const menu = event.target.closest?.("[data-menu][open]") ?? $("[data-menu][open]");
      if (menu) { menu.open = false; $("summary", menu)?.focus(); }
      $("[data-rail].open")?.classList.remove("open");
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || $("dialog[open]")) return;
    if (Date.now() - goes < 1500) {
      goes = 0;
      const there = $(`[data-go="${CSS.escape(event.key)}"]`);
      if (there) { event.preventDefault(); there.click(); return; }
    }
    if (event.key === "g") { goes = Date.now(); return; }
    if (event.key === "/") { event.preventDefault(); openPalette(); }
    if (event.key === "?") { event.preventDefault(); $("[data-keys]")?.showModal(); }
    if (event.key === "c") {
      event.preventDefault();
      const here = $("[data-create]");
      here ? here.click() : openPalette("creates");
    }
    // What edits the open record stands in its head.
    if (event.key === "e") $(".record-head a[href$='/edit'], .page-head a[href$='/edit']")?.click();
  });

  // Start --------------------------------------------------------------------------------------------------------------
  // A table that scrolls in its box can be scrolled by keyboard.
  const reach = () => $$(".table-box:not([tabindex]), .table-responsive:not([tabindex])").filter((box) => box.scrollWidth > box.clientWidth).forEach((box) => { box.tabIndex = 0; });
  document.addEventListener("htmx:afterSettle", reach);
  document.addEventListener("DOMContentLoaded", reach);
  document.addEventListener("DOMContentLoaded", () => {
    if (isMac) $$("[data-palette-key]").forEach((each) => { each.textContent = "⌘K"; });
    unstash();
    keepAll();
    $("[data-focus]")?.focus();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) $$("dialog[open]").forEach((each) => each.close()); });
})();

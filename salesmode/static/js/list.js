// Lists: rows by mouse and keyboard, selection, change in place, columns. Also the facts of record pages.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isControl = (target) => target.closest("a, button, input, select, textarea, label, summary, .pick, .editing");
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");

  // Open a row -----------------------------------------------------------------------------------------------------------
  let opening;
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (!row || isControl(event.target) || String(getSelection())) return;
    const editable = event.target.closest("[data-edit]");
    const go = () => (event.ctrlKey || event.metaKey ? window.open(row.dataset.href) : location.assign(row.dataset.href));
    // A second click within the time of a double click changes the cell instead.
    clearTimeout(opening);
    if (event.detail > 1) return;
    editable ? (opening = setTimeout(go, 260)) : go();
  });

  // Select ---------------------------------------------------------------------------------------------------------------
  const picks = () => $$("input[name=ids]", $("[data-bulk]") ?? document.createElement("i"));
  function told() {
    const picked = picks().filter((each) => each.checked);
    const bar = $("[data-bulk-bar]");
    if (!bar) return;
    bar.classList.toggle("on", picked.length > 0);
    const everything = $("[data-pick-everything]");
    $("[data-picked]").textContent = everything?.checked ? ($("[data-count]")?.textContent.trim() || "…") : picked.length;
    picks().forEach((each) => each.closest("tr").classList.toggle("picked", each.checked));
    const all = $("[data-pick-all]");
    if (all) {
      all.checked = picked.length > 0 && picked.length === picks().length;
      all.indeterminate = picked.length > 0 && !all.checked;
    }
    if (!picked.length && everything) everything.checked = false;
  }
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest("input[name=ids]");
    if (box) {
      if (event.shiftKey && last) {
        const all = picks();
        const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
        all.slice(from, to + 1).forEach((each) => { each.checked = box.checked; });
      }
      last = box;
    }
    if (event.target.closest("[data-pick-none]")) { picks().forEach((each) => { each.checked = false; }); told(); }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) picks().forEach((each) => { each.checked = event.target.checked; });
    if (event.target.matches("[data-pick-all], [data-pick-everything], input[name=ids]")) told();
  });

  // Keyboard -------------------------------------------------------------------------------------------------------------
  function rowAt() { return $("tr.at") ?? document.activeElement.closest?.("tr[data-row]"); }
  function step(by) {
    const rows = $$("tr[data-row]");
    if (!rows.length) return;
    const at = rows.indexOf(rowAt());
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    rows.forEach((each) => each.classList.toggle("at", each === next));
    ($("th.name a", next) ?? next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const form = event.target.closest("[data-inline]");
    if (form && event.key === "Escape") { event.stopPropagation(); giveUp(form); return; }
    if (isTyping(event.target) || $("dialog[open]")) return;
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
    if (event.key === "x") {
      const box = $("input[name=ids]", rowAt() ?? document.createElement("i"));
      if (box) { box.checked = !box.checked; told(); }
    }
    const edit = event.target.closest("[data-edit]");
    if (event.key === "Enter" && edit && event.target === edit) { event.preventDefault(); change(edit); }
    if (event.key === "e") {
      const cell = rowAt() && $("[data-edit]", rowAt());
      if (cell) { event.preventDefault(); change(cell); }
    }
  });

  // Change in place ------------------------------------------------------------------------------------------------------
  const before = new WeakMap();
  document.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("[data-edit]");
    if (!cell || event.target.closest("[data-inline]")) return;
    clearTimeout(opening);
    event.preventDefault();
    change(cell);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".fact-edit");
    if (link) { event.preventDefault(); change(link.closest("[data-edit]")); }
  });
  function change(cell) {
    const place = $("dd", cell) ?? cell;
    if (place.classList.contains("editing")) return;
    before.set(place, [...place.childNodes]);
    place.classList.add("editing");
    window.htmx.ajax("GET", cell.dataset.edit, { target: place, swap: "innerHTML" });
  }
  function giveUp(form) {
    const place = form.closest(".editing");
    place.replaceChildren(...before.get(place));
    place.classList.remove("editing");
    place.closest("[data-edit]")?.focus();
  }
  document.addEventListener("htmx:afterSwap", (event) => {
    const place = event.detail.target.closest?.(".editing") ?? event.detail.elt.closest?.(".editing");
    if (!place) return;
    const form = $("[data-inline]", place);
    if (form) {
      const input = $("input:not([type=hidden]), select, textarea", form);
      form.dataset.first = input?.value ?? "";
      input?.focus();
      input?.select?.();
      return;
    }
    const value = $("[data-inline-value]", place);
    if (!value) return;
    const link = before.get(place)?.find((node) => node.nodeName === "A");
    if (link) { link.replaceChildren(...value.childNodes); place.replaceChildren(link); }
    place.classList.remove("editing");
    place.classList.add("fresh");
    if (value.dataset.version && $("#record-head")) follow(value, place.closest("[data-edit]")?.dataset.edit);
  });
  // The rest of a record's page follows: its forms know the new version at once, what says the field elsewhere soon.
  async function follow(value, edit) {
    const { record, former, version } = value.dataset;
    const isItsOwn = (input) => new RegExp(`/${record}(/|$)`).test(input.form?.getAttribute("action") ?? "");
    $$("input[name=version]").filter((each) => each.value === former && isItsOwn(each)).forEach((each) => { each.value = version; });
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["#record-head", ".stages", ".next-step", ".record-side"]) {
      const [here, there] = [$(part), $(part, page)];
      if (!here || !there || $(".editing", here) || (here.contains(document.activeElement) && isTyping(document.activeElement))) continue;
      here.replaceWith(document.adoptNode(there));
      window.htmx.process($(part));
    }
    if (edit && (!document.activeElement || document.activeElement === document.body)) $(`[data-edit="${CSS.escape(edit)}"]`)?.focus();
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-inline]");
    if (form && event.target.matches("select, [type=checkbox], [type=date]")) form.requestSubmit();
  });
  document.addEventListener("focusout", (event) => {
    const form = event.target.closest("[data-inline]");
    if (!form || form.contains(event.relatedTarget) || form.classList.contains("htmx-request")) return;
    if (event.target.value === form.dataset.first) setTimeout(() => { if (form.isConnected) giveUp(form); }, 150);
  });

  // Search while typing --------------------------------------------------------------------------------------------------
  let typing;
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-list-search]");
    if (!box) return;
    clearTimeout(typing);
    typing = setTimeout(() => { if (!event.isComposing) refresh(box.form); }, 300);
  });
  async function refresh(form) {
    const query = new URLSearchParams(new FormData(form));
    if (!query.get("q")) query.delete("q");
    const address = `${form.getAttribute("action")}?${query}`;
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["#list", "[data-count]"]) {
      const [here, there] = [$(part), $(part, page)];
      if (here && there) { here.replaceWith(document.adoptNode(there)); window.htmx.process($(part)); }
    }
    history.replaceState(null, "", address);
  }

  // Columns: width by dragging, order by dragging ------------------------------------------------------------------------
  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-resize]");
    if (!grip) return;
    event.preventDefault();
    const head = grip.closest("th");
    const column = $(`col[data-column="${CSS.escape(grip.dataset.resize)}"]`);
    const start = { x: event.clientX, width: head.getBoundingClientRect().width };
    let width = start.width;
    const turned = getComputedStyle(head).direction === "rtl" ? -1 : 1;
    const move = (moved) => {
      width = Math.round(Math.min(800, Math.max(60, start.width + turned * (moved.clientX - start.x))));
      column.setAttribute("width", width);
      head.style.minWidth = head.style.maxWidth = `${width}px`;
    };
    const end = () => {
      removeEventListener("pointermove", move);
      if (width !== start.width) remember(grip.dataset.resize, width);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end, { once: true });
  });
  function remember(name, width) {
    const form = $("[data-columns]");
    const box = $$("input[name=columns]", form).find((each) => each.value.split(":")[0] === name);
    if (!box) return;
    box.value = `${name}:${width}`;
    const query = new URLSearchParams(location.search);
    query.set("columns", $$("input[name=columns]:checked", form).map((each) => each.value).join(","));
    fetch(`${location.pathname}?${query}`).catch(() => null);
  }
  document.addEventListener("toggle", (event) => {
    const list = event.target.open && $("[data-sortable]", event.target);
    if (!list || list.dataset.ready) return;
    list.dataset.ready = "1";
    const make = () => window.Sortable.create(list, { animation: 120, handle: ".icon" });
    if (window.Sortable) { make(); return; }
    const script = document.createElement("script");
    script.src = $("[data-list-script]")?.dataset.sortable ?? "/static/vendor/sortable.min.js";
    script.addEventListener("load", make);
    document.head.append(script);
  }, true);

  // The count arrives later; the footer repeats it. -----------------------------------------------------------------------
  document.addEventListener("htmx:afterSettle", () => {
    const count = $("[data-count]")?.textContent.trim();
    if (count) $$("[data-count-copy]").forEach((each) => { each.textContent = count; });
  });
  addEventListener("pageshow", told);
})();

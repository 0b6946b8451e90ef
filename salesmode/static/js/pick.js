// Completes a record's name from the server as somebody types. Works on [data-picker]; without this file the exact name is typed.
const WAIT = 150;

function enhance(box) {
  if (box.dataset.ready) return;
  box.dataset.ready = "1";
  const [input, chosen] = box.querySelectorAll("input");
  const list = document.createElement("ul");
  list.className = "picker-list";
  list.id = `${input.id}_list`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  box.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": list.id })) input.setAttribute(name, value);
  let timer = 0;
  let asked = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const mark = (option) => {
    options().forEach((each) => each.setAttribute("aria-selected", each === option));
    if (option) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
  };
  const choose = (option) => {
    input.value = option.dataset.name;
    chosen.value = option.dataset.id;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const ask = async () => {
    const turn = ++asked;
    const address = `${box.dataset.picker}?q=${encodeURIComponent(input.value)}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (turn !== asked || !answer || !answer.ok) return;
    list.innerHTML = await answer.text();
    options().forEach((option, place) => { option.id = `${list.id}_${place}`; });
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };

  input.addEventListener("input", () => { chosen.value = ""; clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener("focus", () => { if (!input.value) ask(); });
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (event) => {
    const all = options();
    const here = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { ask(); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (all.length) mark(all[(here + step + all.length) % all.length]);
    } else if (event.key === "Enter" && !list.hidden && here >= 0) {
      event.preventDefault();
      choose(all[here]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    event.preventDefault();
    if (option) choose(option);
  });
}

const enhanceAll = (root) => root.querySelectorAll("[data-picker]").forEach(enhance);
enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.target));

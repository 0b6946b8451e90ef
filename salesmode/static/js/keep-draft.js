// Keeps what is being written as a draft, a moment after the last key: nobody loses half a report.
const form = document.querySelector("form[data-form]");
const said = form?.querySelector("[data-kept]");
let waiting;

async function keep() {
  const body = new FormData(form);
  body.set("keep", "1");
  body.set("quietly", "1");
  const answer = await fetch(form.action || location.href, { method: "POST", body }).catch(() => null);
  if (answer?.status !== 204) return;
  const clock = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  said.textContent = `${said.dataset.words} ${clock}`;
  form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
}

if (said) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 3000);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}

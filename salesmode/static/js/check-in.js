// Reads the phone's position once, when somebody checks in. Without it, or when the phone does not answer, the form goes as it is.
const LONGEST = 12000;

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-check-in]");
  if (!form || form.dataset.located || !navigator.geolocation) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter || form.querySelector("button");
  const words = button?.querySelector("span");
  button?.setAttribute("aria-busy", "true");
  if (words && form.dataset.waiting) words.textContent = form.dataset.waiting;
  const send = (position) => {
    if (form.dataset.located) return;
    form.dataset.located = "1";
    if (position) {
      form.elements.latitude.value = position.coords.latitude;
      form.elements.longitude.value = position.coords.longitude;
      form.elements.accuracy_m.value = position.coords.accuracy;
    }
    HTMLFormElement.prototype.submit.call(form);
  };
  setTimeout(() => send(null), LONGEST + 1000);
  navigator.geolocation.getCurrentPosition(send, () => send(null), { enableHighAccuracy: true, timeout: LONGEST, maximumAge: 0 });
}, true);

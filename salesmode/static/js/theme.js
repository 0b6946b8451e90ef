// Runs before the first paint, so that a dark page never flashes white.
(() => {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = root.dataset.theme;
    root.dataset.bsTheme = chosen === "dark" || (chosen !== "light" && device.matches) ? "dark" : "light";
  };
  apply();
  device.addEventListener("change", apply);
})();

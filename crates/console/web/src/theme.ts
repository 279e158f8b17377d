// Dark or light, as the system is, also when it changes.

export function followSystemTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.classList.toggle("pf-v6-theme-dark", dark.matches);
  apply();
  dark.addEventListener("change", apply);
}

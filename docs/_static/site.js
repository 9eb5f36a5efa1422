/* What needs a script: notes that lead on, and the drawers of a narrow screen by keyboard.
   Every page is complete without it. */
(() => {
  document.documentElement.classList.add("scripted");

  // Summaries of what a search finds are read from the pages, which no browser does from files.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  /* A live number's note: as the style sheet shows it, but with links to the ledger, open while
     the pointer is on it or the focus in it, and closed by Escape (WCAG 1.4.13). */
  const box = Object.assign(document.createElement("span"), { className: "tl-note" });
  let open = null;
  let leaving;
  const hide = () => {
    clearTimeout(leaving);
    box.remove();
    open = null;
  };
  const show = (number) => {
    clearTimeout(leaving);
    if (open === number) return;
    const note = number.getAttribute("aria-label");
    const items = [...number.closest(".tl-say").querySelectorAll("li")];
    const item = items.find((li) => li.textContent.startsWith(note));
    if (item) box.replaceChildren(...item.cloneNode(true).childNodes);
    else box.textContent = note;
    number.after(box);
    open = number;
  };
  const inside = (node) => open && (open.contains(node) || box.contains(node));
  document.querySelectorAll(".tl-number").forEach((number) => {
    number.addEventListener("focus", () => show(number));
    number.addEventListener("click", () => show(number));
    number.addEventListener("pointerenter", (e) => e.pointerType === "mouse" && show(number));
    number.addEventListener("pointerleave", leave);
  });
  box.addEventListener("pointerenter", () => clearTimeout(leaving));
  box.addEventListener("pointerleave", leave);
  function leave(event) {
    // Time to cross from the number to its note.
    if (event.pointerType === "mouse" && !inside(document.activeElement)) {
      leaving = setTimeout(hide, 250);
    }
  }
  document.addEventListener("focusin", (event) => inside(event.target) || hide());
  document.addEventListener("pointerdown", (event) => inside(event.target) || hide());

  /* The drawers of a narrow screen: their icons become buttons; opening one leads into it, a link
     of the page closes it, Escape closes it and leads back. */
  const drawers = [
    ["__navigation", ".sidebar-drawer", "Navigation"],
    ["__toc", ".toc-drawer", "On this page"],
  ].map(([id, drawer, name]) => {
    const toggle = document.getElementById(id);
    const labels = [...document.querySelectorAll(`label[for="${id}"]:has(svg)`)];
    const buttons = labels.map((label) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = label.className;
      button.ariaLabel = name;
      button.append(...label.childNodes);
      label.replaceWith(button);
      return button;
    });
    const tell = () => buttons.forEach((button) => button.setAttribute("aria-expanded", toggle.checked));
    const set = (checked) => {
      toggle.checked = checked;
      tell();
      const leads = checked ? document.querySelectorAll(`${drawer} a`) : buttons;
      [...leads].find((e) => e.checkVisibility())?.focus();
    };
    buttons.forEach((button) => button.addEventListener("click", () => set(!toggle.checked)));
    toggle.addEventListener("change", tell);
    tell();
    document.querySelector(`${drawer} .toc-tree`)?.addEventListener("click", (event) => {
      if (event.target.closest("a")) {
        toggle.checked = false;
        tell();
      }
    });
    return [toggle, set];
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (open) {
      hide();
      return;
    }
    drawers.forEach(([toggle, set]) => toggle.checked && set(false));
  });
})();

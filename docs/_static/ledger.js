/* Search and sorting for the ledger. The page is complete without it. */
(() => {
  const box = document.getElementById("ledger-table");
  if (!box) return;
  const body = box.querySelector("tbody");
  const rows = [...body.rows];
  const heads = [...box.querySelectorAll("thead th")];
  const bar = document.querySelector(".ledger-bar");
  const input = bar.querySelector("input");
  const select = bar.querySelector("select");
  const status = bar.querySelector(".status");
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

  // What is folded away would be found and not seen.
  const words = rows.map((row) => {
    const seen = row.cloneNode(true);
    seen.querySelectorAll("details").forEach((details) => details.remove());
    return seen.textContent.toLowerCase();
  });
  function search() {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !wanted.every((word) => words[i].includes(word));
      shown += !row.hidden;
    });
    status.textContent = wanted.length ? `${shown} of ${rows.length} figures` : "";
  }
  input.addEventListener("input", search);

  function sort(column, descending) {
    const key = (row) => row.cells[column].dataset.key;
    const numeric = rows.every((row) => !Number.isNaN(Number(key(row))));
    const compare = (a, b) =>
      numeric ? Number(key(a)) - Number(key(b)) : key(a).localeCompare(key(b), "en");
    const sorted = rows.map((row, i) => [row, i]).sort(([a, i], [b, j]) =>
      (descending ? compare(b, a) : compare(a, b)) || i - j);
    body.append(...sorted.map(([row]) => row));
    heads.forEach((head, i) => {
      if (i === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    select.value = `${column}${descending ? "-" : "+"}`;
  }
  heads.forEach((head, column) => {
    const name = head.textContent;
    const button = make("button", { type: "button", textContent: name });
    head.replaceChildren(button);
    button.addEventListener("click", () => sort(column, head.ariaSort === "ascending"));
    select.append(make("option", { value: `${column}+`, textContent: `${name}, upwards` }));
    select.append(make("option", { value: `${column}-`, textContent: `${name}, downwards` }));
  });
  // As the page comes, it is in reading order.
  heads.at(-1).setAttribute("aria-sort", "ascending");
  select.value = `${heads.length - 1}+`;
  select.addEventListener("change", () => sort(parseInt(select.value), select.value.endsWith("-")));

  // A link to a figure that the search has hidden shows it again.
  addEventListener("hashchange", () => {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row && row.hidden) {
      input.value = "";
      search();
      row.scrollIntoView();
    }
  });
})();

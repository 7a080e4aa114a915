// Shows the rows in which every word that was typed occurs. A table's own name and description count for all its rows.
const search = document.getElementById("search");
const found = document.getElementById("found");
const sections = [...document.querySelectorAll("main section")].map((section) => ({
  section,
  link: document.querySelector(`nav a[href="#${section.id}"]`),
  about: [...section.querySelectorAll(":scope > h2, :scope > p")].map((each) => each.textContent).join(" ").toLowerCase(),
  rows: [...section.querySelectorAll("tbody tr")].map((row) => ({ row, text: row.textContent.toLowerCase() })),
}));

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let rowsShown = 0;
  let tablesShown = 0;
  for (const { section, link, about, rows } of sections) {
    const missing = words.filter((word) => !about.includes(word));
    const matches = rows.filter(({ text }) => missing.every((word) => text.includes(word)));
    const matched = new Set(matches.map(({ row }) => row));
    for (const { row } of rows) row.hidden = !matched.has(row);
    section.hidden = words.length > 0 && matches.length === 0;
    if (link) link.hidden = section.hidden;
    if (!section.hidden) {
      tablesShown += 1;
      rowsShown += matches.length;
    }
  }
  for (const title of document.querySelectorAll("nav h2")) {
    let next = title.nextElementSibling;
    let empty = true;
    for (; next && next.tagName === "A"; next = next.nextElementSibling) empty = empty && next.hidden;
    title.hidden = empty;
  }
  const lines = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  found.textContent = words.length ? `${lines(rowsShown, "line")} in ${lines(tablesShown, "table")}.` : "";
  if (words.length && !tablesShown) found.textContent = "Nothing is named or described so. Try one word, or a part of it.";
}

search.addEventListener("input", () => {
  show();
  scrollTo(0, 0);
});
// A link to a metric or table that the search hides shows all again.
document.addEventListener("click", (event) => {
  const link = event.target.closest('main a[href^="#"]');
  const target = link && document.getElementById(link.hash.slice(1));
  if (target && target.closest("[hidden]")) {
    search.value = "";
    show();
  }
});
// On a narrow screen the contents would stand before everything else.
const contents = document.getElementById("contents");
const close = () => {
  if (matchMedia("(max-width: 60rem)").matches) contents.open = false;
};
contents.addEventListener("click", (event) => event.target.closest("a") && close());
close();
// The browser keeps what was typed when a page is loaded again.
show();

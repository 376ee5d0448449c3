// What every page gains with scripts. Each page works without.
import { paintPlaceholders } from "./thumbhash.js";

paintPlaceholders(document);

// Times in the reader's own zone and order.
const format = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (!Number.isNaN(at.getTime())) {
    time.textContent = format.format(at);
  }
}

// A menu closes when one looks elsewhere.
const menu = document.querySelector("details.menu");
if (menu) {
  document.addEventListener("click", event => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", event => {
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// "All images" goes back to where the reader was in the gallery.
const back = document.querySelector("a[data-back]");
if (back && document.referrer) {
  const from = new URL(document.referrer);
  if (from.origin === location.origin && from.pathname === "/images") back.href = from.href;
}

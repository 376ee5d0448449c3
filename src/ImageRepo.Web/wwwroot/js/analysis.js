// Watches the images on this page that are still being analysed and puts the finished ones in place.
import { query } from "./graphql.js";
import { paintPlaceholders } from "./thumbhash.js";

const firstWait = 1500;
const longestWait = 10000;
const working = new Set(["PENDING", "RUNNING"]);

const pending = () => [...document.querySelectorAll("[data-image-id]")].filter(element => working.has(element.dataset.status));

let wait = firstWait;
let timer = 0;
schedule();
document.addEventListener("visibilitychange", () => {
  wait = firstWait;
  schedule();
});

function schedule() {
  clearTimeout(timer);
  if (!document.hidden && pending().length > 0) timer = setTimeout(look, wait);
}

async function look() {
  try {
    const done = await finished(pending());
    if (done.length > 0) {
      await replace(done);
      wait = firstWait;
    } else {
      wait = Math.min(wait * 1.4, longestWait);
    }
  } catch {
    // The connection may be gone for a while: look again, less often.
    wait = longestWait;
  }
  schedule();
}

async function finished(elements) {
  const { nodes } = await query(
    "query Analysis($ids: [ID!]!) { nodes(ids: $ids) { ... on Image { analysis { status } } } }",
    { ids: elements.map(element => element.dataset.imageId) });
  return elements.filter((_, i) => !working.has(nodes[i]?.analysis.status));
}

// The page itself knows how a finished image looks: it is asked once more, and gives its new parts.
async function replace(elements) {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(`The page answered ${response.status}.`);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const element of elements) {
    const replacement = fresh.getElementById(element.id);
    if (!replacement) {
      // It has left this page: deleted, or pushed to the next one by newer images.
      element.dataset.status = "GONE";
    } else if (isBeingWrittenIn(element)) {
      // Nobody's typing is thrown away; the words are there with the next visit.
      element.dataset.status = replacement.dataset.status;
    } else {
      const hadFocus = element.contains(document.activeElement);
      element.replaceWith(document.adoptNode(replacement));
      paintPlaceholders(replacement);
      if (hadFocus) replacement.querySelector("a")?.focus({ preventScroll: true });
    }
  }
}

function isBeingWrittenIn(element) {
  const fields = [...element.querySelectorAll("input:not([type=hidden]), textarea")];
  return fields.some(field => field === document.activeElement || field.value !== field.defaultValue);
}

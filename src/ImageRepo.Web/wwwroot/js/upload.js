// Uploads with a drop zone and progress. A small file is one GraphQL request by the multipart request specification; a large one is sent in
// parts, and goes on after a lost connection. What lies at a web address is fetched by the server.
import { uploadInParts } from "./upload-parts.js";

const parallel = 3;
const attempts = 8;
const large = 8 << 20;

const form = document.querySelector("form.upload");
const zone = form.querySelector(".drop-zone");
const input = form.querySelector("input[type=file]");
const list = document.querySelector(".upload-list");
const summary = document.querySelector(".upload-summary");
const after = document.querySelector(".upload-after");
const importForm = document.querySelector("form.import");
const maxBytes = Number(form.dataset.maxBytes);

const queue = [];
const count = { all: 0, done: 0, failed: 0 };
let running = 0;

document.documentElement.classList.add("enhanced");
form.querySelector(".no-script").hidden = true;
form.querySelector(".drop-hint").hidden = false;
form.addEventListener("submit", event => event.preventDefault());
importForm.addEventListener("submit", event => {
  event.preventDefault();
  const url = importForm.elements.url.value.trim();
  importForm.reset();
  enqueue(makeItem(url, { url }));
  tell();
  pump();
});
input.addEventListener("change", takeChosen);
for (const name of ["dragenter", "dragover"]) {
  addEventListener(name, event => {
    event.preventDefault();
    zone.classList.add("over");
  });
}
addEventListener("dragleave", event => {
  if (!event.relatedTarget) zone.classList.remove("over");
});
addEventListener("drop", event => {
  event.preventDefault();
  zone.classList.remove("over");
  add(event.dataTransfer.files);
});
addEventListener("beforeunload", event => {
  if (running > 0) event.preventDefault();
});

function takeChosen() {
  add(input.files);
  input.value = "";
}

function add(files) {
  for (const file of files) {
    const item = makeItem(file.name, { file });
    if (file.size === 0) refuse(item, "The file is empty.");
    else if (file.size > maxBytes) refuse(item, `The file is larger than ${megabytes(maxBytes)}.`);
    else enqueue(item);
  }
  tell();
  pump();
}

function enqueue(item) {
  list.append(item.element);
  count.all++;
  queue.push(item);
}

function refuse(item, text) {
  list.append(item.element);
  count.all++;
  fail(item, text);
}

function pump() {
  while (running < parallel && queue.length > 0) {
    const item = queue.shift();
    running++;
    upload(item).finally(() => {
      running--;
      tell();
      pump();
    });
  }
}

async function upload(item) {
  if (item.file?.size > large) return uploadLarge(item);
  for (let attempt = 1; ; attempt++) {
    show(item, "Uploading…");
    let response;
    try {
      response = await (item.file ? send(item) : fetchAddress(item));
    } catch {
      return fail(item, "The connection was lost.", true);
    }
    if (response.status === 429 || response.status === 503) {
      if (attempt === attempts) return fail(item, "The server is busy. Please try again later.", true);
      show(item, "Waiting for a free place…");
      await pause(retryAfter(response, attempt));
      continue;
    }
    return conclude(item, response);
  }
}

async function uploadLarge(item) {
  const documents = { begin: form.dataset.begin, complete: form.dataset.complete };
  try {
    const { field, body } = await uploadInParts(item.file, documents, (text, share) => {
      show(item, text);
      if (share !== undefined) item.progress.value = share;
    });
    conclude(item, { status: 200, body }, field);
  } catch (error) {
    fail(item, error.message, true);
  }
}

async function fetchAddress(item) {
  show(item, "Fetching…");
  item.progress.removeAttribute("value");
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ query: importForm.dataset.document, variables: { url: item.url } }),
  });
  return { status: response.status, body: await response.json(), retryAfter: response.headers.get("Retry-After") };
}

function conclude(item, { status, body }, field = item.file ? "uploadImage" : "importImage") {
  const payload = body?.data?.[field];
  if (payload?.image) return succeed(item, payload);
  const [error] = payload?.errors ?? [];
  if (error) return fail(item, words(error));
  const [problem] = body?.errors ?? [];
  switch (problem?.extensions?.code) {
    case "AUTH_NOT_AUTHENTICATED": return fail(item, "You are signed out. Sign in again, then retry.", true);
    case "TOO_MANY_UPLOADS":
    case "TOO_MANY_IMPORTS": return fail(item, problem.message, true);
  }
  if (item.url && problem && !body.data) return fail(item, "Write the whole address of a picture, beginning with https://.");
  return fail(item, status === 413 ? `The file is larger than ${megabytes(maxBytes)}.` : "Something went wrong on the server.", true);
}

function words(error) {
  switch (error.__typename) {
    case "ImageTooLargeError": return `The file is larger than ${megabytes(error.maxByteSize)}.`;
    case "UnsupportedImageFormatError": return "This is not an image of a supported type.";
    default: return error.message;
  }
}

function send(item) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    body.append("operations", JSON.stringify({ query: form.dataset.document, variables: { file: null } }));
    body.append("map", JSON.stringify({ 0: ["variables.file"] }));
    body.append("0", item.file, item.file.name);
    const request = new XMLHttpRequest();
    request.open("POST", "/graphql");
    request.setRequestHeader("GraphQL-preflight", "1");
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", event => {
      if (!event.lengthComputable) return;
      item.progress.value = event.loaded / event.total;
      if (event.loaded === event.total) show(item, "Reading the picture…");
    });
    request.addEventListener("load", () => resolve({ status: request.status, body: request.response, retryAfter: request.getResponseHeader("Retry-After") }));
    request.addEventListener("error", reject);
    request.addEventListener("abort", reject);
    request.send(body);
  });
}

function makeItem(label, source) {
  const element = document.createElement("li");
  element.className = "upload-item";
  const thumb = make("span", "upload-thumb");
  const name = make("span", "upload-name", label);
  const status = make("span", "upload-status", "Waiting…");
  const progress = make("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", `Upload of ${label}`);
  const statusLine = make("span");
  statusLine.textContent = status.textContent;
  status.replaceChildren(statusLine, progress);
  element.append(thumb, name, status);
  return { ...source, label, element, thumb, status, statusLine, progress };
}

function show(item, text) {
  item.statusLine.textContent = text;
}

function succeed(item, { image, isDuplicate, samePicture }) {
  count.done++;
  const picture = make("img");
  picture.src = image.thumbnail.url;
  picture.alt = "";
  item.thumb.replaceChildren(picture);
  const link = make("a", "", isDuplicate ? "Already in your library" : "Uploaded");
  link.href = pageOf(image.id);
  link.append(make("span", "visually-hidden", `: open ${item.label}`));
  item.status.replaceChildren(link);
  if (samePicture) {
    const same = make("a", "", samePicture.fileName);
    same.href = pageOf(samePicture.id);
    item.status.append(". The same picture with other metadata is already here: ", same);
  }
  item.element.classList.add("done");
  after.hidden = false;
}

function fail(item, text, canRetry = false) {
  count.failed++;
  item.element.classList.add("failed");
  item.status.replaceChildren(text);
  if (!canRetry) return;
  const retry = make("button", "button", "Retry");
  retry.type = "button";
  retry.setAttribute("aria-label", `Retry ${item.label}`);
  retry.addEventListener("click", () => {
    count.failed--;
    retry.remove();
    item.element.classList.remove("failed");
    item.progress.value = 0;
    show(item, "Waiting…");
    item.status.replaceChildren(item.statusLine, item.progress);
    queue.push(item);
    tell();
    pump();
  });
  item.element.append(retry);
}

function tell() {
  const failed = count.failed > 0 ? `, ${count.failed} not` : "";
  summary.textContent = `${count.done} of ${count.all} uploaded${failed}`;
}

function retryAfter(response, attempt) {
  const seconds = Number(response.retryAfter);
  const wait = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 1000 * 2 ** (attempt - 1);
  // Spread a little, so that all that wait don't come back in the same moment.
  return Math.min(wait, 60000) * (1 + Math.random() * 0.25);
}

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
const pageOf = id => `/images/${id.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_")}`;
const megabytes = bytes => `${Math.round((bytes / 1048576) * 10) / 10} MB`;

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

// On a slow line the photos may have been chosen before this script came.
if (input.files.length > 0) takeChosen();

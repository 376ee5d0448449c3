// Uploads with a drop zone and progress: each file is one GraphQL request by the multipart request specification.

const parallel = 3;
const attempts = 8;

const form = document.querySelector("form.upload");
const zone = form.querySelector(".drop-zone");
const input = form.querySelector("input[type=file]");
const list = document.querySelector(".upload-list");
const summary = document.querySelector(".upload-summary");
const after = document.querySelector(".upload-after");
const maxBytes = Number(form.dataset.maxBytes);

const queue = [];
const count = { all: 0, done: 0, failed: 0 };
let running = 0;

document.documentElement.classList.add("enhanced");
form.querySelector(".no-script").hidden = true;
form.querySelector(".drop-hint").hidden = false;
form.addEventListener("submit", event => event.preventDefault());
input.addEventListener("change", () => {
  add(input.files);
  input.value = "";
});
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

function add(files) {
  for (const file of files) {
    const item = makeItem(file);
    list.append(item.element);
    count.all++;
    if (file.size === 0) fail(item, "The file is empty.");
    else if (file.size > maxBytes) fail(item, `The file is larger than ${megabytes(maxBytes)}.`);
    else queue.push(item);
  }
  tell();
  pump();
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
  for (let attempt = 1; ; attempt++) {
    show(item, "Uploading…");
    let response;
    try {
      response = await send(item);
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

function conclude(item, { status, body }) {
  const payload = body?.data?.uploadImage;
  if (payload?.image) return succeed(item, payload.image, payload.isDuplicate);
  const [error] = payload?.errors ?? [];
  if (error) return fail(item, words(error));
  const notSignedIn = body?.errors?.some(e => e.extensions?.code === "AUTH_NOT_AUTHENTICATED");
  if (notSignedIn) return fail(item, "You are signed out. Sign in again, then retry.", true);
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

function makeItem(file) {
  const element = document.createElement("li");
  element.className = "upload-item";
  const thumb = make("span", "upload-thumb");
  const name = make("span", "upload-name", file.name);
  const status = make("span", "upload-status", "Waiting…");
  const progress = make("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", `Upload of ${file.name}`);
  const statusLine = make("span");
  statusLine.textContent = status.textContent;
  status.replaceChildren(statusLine, progress);
  element.append(thumb, name, status);
  return { file, element, thumb, status, statusLine, progress };
}

function show(item, text) {
  item.statusLine.textContent = text;
}

function succeed(item, image, isDuplicate) {
  count.done++;
  const picture = make("img");
  picture.src = image.thumbnail.url;
  picture.alt = "";
  item.thumb.replaceChildren(picture);
  const link = make("a", "", isDuplicate ? "Already in your library" : "Uploaded");
  link.href = `/images/${image.id.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_")}`;
  link.append(make("span", "visually-hidden", `: open ${item.file.name}`));
  item.status.replaceChildren(link);
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
  retry.setAttribute("aria-label", `Retry ${item.file.name}`);
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
const megabytes = bytes => `${Math.round((bytes / 1048576) * 10) / 10} MB`;

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

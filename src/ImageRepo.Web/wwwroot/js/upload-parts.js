// Uploads a large file in parts and sends each again until it has arrived: through lost connections and restarts of the server.

const parallel = 3;
const patience = 12; // failures in a row, with pauses that grow to half a minute
const silence = 60_000; // ms without progress after which a connection counts as lost

/** Something on the way failed that may work in a moment. */
class Interrupted extends Error {
  constructor(seconds) {
    super("The connection was lost.");
    this.isBusy = seconds !== undefined;
    this.seconds = seconds;
  }
}

/** A part's address is not valid any more: others are to be asked for. */
class Stale extends Error {}

/**
 * @param documents the mutations beginUpload and completeUpload
 * @param tell gets a sentence about what goes on, and how much of the file has arrived, from 0 to 1
 * @returns the response to completeUpload, or to the beginUpload that was refused: { field, body }
 * @throws when the server can't be reached for minutes
 */
export async function uploadInParts(file, documents, tell) {
  const about = { fileName: file.name, byteSize: file.size };
  let uploadId;
  for (let round = 1; ; round++) {
    const begun = await patiently(() => mutate(documents.begin, { ...about, uploadId }), tell);
    const target = begun.data?.beginUpload?.upload;
    if (!target) return { field: "beginUpload", body: begun };
    uploadId = target.id;
    try {
      await sendAll(file, target, tell);
    } catch (error) {
      if (error instanceof Stale && round < patience) continue;
      throw error;
    }
    tell("Reading the picture…", 1);
    const completed = await patiently(() => mutate(documents.complete, { uploadId }), tell);
    const isIncomplete = completed.data?.completeUpload?.errors?.[0]?.__typename === "UploadIncompleteError";
    if (!isIncomplete || round === patience) return { field: "completeUpload", body: completed };
  }
}

async function sendAll(file, target, tell) {
  const arrived = new Map(target.parts.map(part => [part.number, part.isReceived ? slice(file, target, part).size : 0]));
  const show = () => tell("Uploading…", Math.min(1, [...arrived.values()].reduce((sum, bytes) => sum + bytes, 0) / file.size));
  show();
  const waiting = target.parts.filter(part => !part.isReceived);
  await Promise.all(Array.from({ length: parallel }, async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const { number, url, headers } = part;
      const bytes = slice(file, target, part);
      await patiently(() => put(url, headers, bytes, sent => {
        arrived.set(number, sent);
        show();
      }), tell);
    }
  }));
}

function slice(file, { partSize }, { number }) {
  return file.slice((number - 1) * partSize, number * partSize);
}

async function patiently(work, tell) {
  for (let failures = 0; ;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Interrupted) || ++failures > patience) throw error;
      tell(error.isBusy ? "Waiting for a free place…" : "The connection was lost. Trying again…");
      await pause(error.seconds ? error.seconds * 1000 : Math.min(500 * 2 ** failures, 30_000));
    }
  }
}

/** Spread a little, so that all that wait don't come back in the same moment. While the browser is offline, until it is online again. */
async function pause(milliseconds) {
  if (navigator.onLine) {
    await new Promise(resolve => setTimeout(resolve, milliseconds * (1 + Math.random() * 0.25)));
    return;
  }
  await new Promise(resolve => addEventListener("online", resolve, { once: true }));
}

async function mutate(query, input) {
  let response;
  try {
    response = await fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ query, variables: { input } }),
    });
    check(response.status, response.headers.get("Retry-After"));
    return await response.json();
  } catch (error) {
    // fetch and json() fail for nothing but the connection, here.
    throw error instanceof Interrupted ? error : new Interrupted();
  }
}

function put(url, headers, bytes, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let watch;
    const listen = () => {
      clearTimeout(watch);
      watch = setTimeout(() => request.abort(), silence);
    };
    const fail = () => {
      progress(0);
      reject(new Interrupted());
    };
    request.open("PUT", url);
    for (const { name, value } of headers) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", event => {
      listen();
      progress(event.loaded);
    });
    request.addEventListener("load", () => {
      try {
        check(request.status, request.getResponseHeader("Retry-After"));
        if (request.status >= 400) throw new Stale(`The part was answered with ${request.status}.`);
        progress(bytes.size);
        resolve();
      } catch (error) {
        progress(0);
        reject(error);
      }
    });
    request.addEventListener("error", fail);
    request.addEventListener("abort", fail);
    request.addEventListener("loadend", () => clearTimeout(watch));
    listen();
    request.send(bytes);
  });
}

function check(status, retryAfter) {
  if (status === 429 || status === 503) throw new Interrupted(Math.min(Number(retryAfter) || 5, 60));
  if (status >= 500) throw new Interrupted();
}

// Passkeys exist in scripts alone: asks the server for a question, lets the browser answer it, and sends the form with the answer.
const words = {
  NotAllowedError: "That was cancelled, or took too long. Please try again.",
  InvalidStateError: "This device already holds a passkey of yours.",
  SecurityError: "Passkeys don't work at this address. They need https, or localhost.",
};

async function ask(form, handler) {
  const body = new FormData();
  body.set("requestVerificationToken", form.elements.requestVerificationToken.value);
  const response = await fetch(`${location.pathname}?handler=${handler}`, { method: "POST", body });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

const ways = {
  async create(form) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await ask(form, "options"));
    return navigator.credentials.create({ publicKey });
  },
  async get(form) {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await ask(form, "passkeyOptions"));
    return navigator.credentials.get({ publicKey });
  },
};

if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) missing.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const problem = form.querySelector("[data-passkey-problem]");
    const button = form.querySelector("button");
    form.hidden = false;
    // One token a page is enough, and clients that read it from the sign-in page expect one.
    if (!form.elements.requestVerificationToken) form.append(document.querySelector("[name=requestVerificationToken]").cloneNode());
    form.addEventListener("submit", async event => {
      event.preventDefault();
      button.disabled = true;
      problem.hidden = true;
      try {
        form.elements.answer.value = JSON.stringify(await ways[form.dataset.passkey](form));
        form.submit();
      } catch (error) {
        problem.textContent = words[error.name] ?? "That didn't work. Please try again.";
        problem.hidden = false;
        button.disabled = false;
      }
    });
  }
}

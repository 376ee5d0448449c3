// The schema over HTTP, as any client speaks it.

export async function query(document, variables, signal) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ query: document, variables }),
    signal,
  });
  if (!response.ok) throw new Error(`The schema answered ${response.status}.`);
  const { data, errors } = await response.json();
  if (!data) throw new Error(errors?.[0]?.message ?? "The schema gave no data.");
  return data;
}

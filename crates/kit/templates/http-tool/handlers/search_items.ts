// Asks the service, and hands on what it found. The types come from the schemas, so nothing is checked twice: the host
// refuses an input that breaks its schema before this runs, and an output that does after it.
import type { SearchItems } from "packwright:tools";

const ADDRESS = {{address_in_quotes}};

export async function search_items(input: SearchItems.Input, host: Host): Promise<SearchItems.Output> {
  const limit = input.limit ?? 5;
  // `q` and `limit` are what many services call them. Change them to what yours does. The host encodes the values.
  const reply = await host.http.get(ADDRESS, { query: { q: input.query, limit: String(limit) } });
  if (reply.status === 404) throw host.error("not_found", "the service has nothing at this address");
  if (reply.status === 429) throw host.error("rate_limited", "the service asks us to slow down");
  if (!reply.ok) throw host.error("network_error", `the service answered ${reply.status}`);

  const found = listIn(reply.json()).slice(0, limit);
  console.log(`${found.length} items`);
  return { items: found.map(asItem) };
}

// The answer itself when it is a list; its list when it has exactly one; else the answer as a list of one.
function listIn(answer: unknown): unknown[] {
  if (Array.isArray(answer)) return answer;
  const lists = Object.values(answer ?? {}).filter((value) => Array.isArray(value));
  return lists.length === 1 ? lists[0] : [answer];
}

// What is not an object, such as a word in a list of words, becomes one.
function asItem(value: unknown): SearchItems.Output["items"][number] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : { value };
}

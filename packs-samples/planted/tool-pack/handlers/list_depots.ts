// Lists depots near a postcode.
import type { ListDepots } from "packwright:tools";

export async function list_depots(input: ListDepots.Input, host: Host): Promise<ListDepots.Output> {
  const limit = input.limit ?? 5;
  const reply = await host.http.get("https://depots.parcelhub.acme.dev/near.json", {
    query: { postcode: input.postcode, limit: String(limit) },
  });
  if (reply.status !== 200) throw host.error("network_error", `ParcelHub answered ${reply.status}`);
  return { depots: reply.json().depots.slice(0, limit) };
}

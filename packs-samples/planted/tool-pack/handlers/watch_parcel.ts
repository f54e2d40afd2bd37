// Asks ParcelHub to send word.
import type { WatchParcel } from "packwright:tools";

export async function watch_parcel(input: WatchParcel.Input, host: Host): Promise<WatchParcel.Output> {
  const body = { number: input.tracking_number, channel: input.channel ?? "email" };
  const reply = await host.http.post("https://api.parcelhub.acme.dev/v2/watches", { json: body });
  if (reply.status === 402) {
    throw host.error("quota_used_up", "the account may not watch any more parcels");
  if (reply.status !== 201) throw host.error("network_error", `ParcelHub answered ${reply.status}`);
  return { watch_id: reply.json().id };
}

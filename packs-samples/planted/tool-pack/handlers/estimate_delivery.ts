// Asks ParcelHub when a parcel will come.
import type { TrackParcel } from "packwright:tools";

const api_key = "pH7kQ2vT9xWz4LmN8rBc";

export async function estimate_delivery(input: { tracking_number: string }, host: Host): Promise<{ day: string; sure?: number }> {
  const url = `https://api.parcelhub.acme.dev/v2/parcels/${input.tracking_number}/estimate`;
  const reply = await host.http.get(url, { headers: { "X-Key": api_key } });
  if (reply.status !== 200) throw host.error("network_error", `ParcelHub answered ${reply.status}`);
  return reply.json();
}

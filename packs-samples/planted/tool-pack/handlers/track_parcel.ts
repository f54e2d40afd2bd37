// Asks ParcelHub where a parcel is.
import type { TrackParcel } from "packwright:tools";

interface Reply {
  state?: string;
  scans?: { depot?: string; time?: string }[];
}

export async function trackParcel(input: TrackParcel.Input, host: Host): Promise<TrackParcel.Output> {
  const reply = await host.http.get(`https://api.parcelhub.acme.dev/v2/parcels/${input.tracking_number}`);
  if (reply.status === 404) throw host.error("not_found", "ParcelHub does not know this number");
  if (reply.status !== 200) throw host.error("network_error", `ParcelHub answered ${reply.status}`);
  const found: Reply = reply.json();
  const places = (found.scans ?? []).map((scan) => ({ name: scan.depot ?? "", at: scan.time ?? "" }));
  return { state: found.state ?? "announced", places };
}

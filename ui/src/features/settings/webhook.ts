// Where LINE is to call this program, and what LINE said it calls.

import type { ChannelCheck, Settings } from "../../bindings";

/** Behind the public address; the core listens there (http/webhook.rs). */
const PATH = "/webhook/line";

export function webhookOf(
  { publicUrl }: Pick<Settings, "publicUrl">,
  found: ChannelCheck | undefined,
): { address: string | null; atLine: string | null } {
  const finding = found?.points.find(({ point }) => point === "webhook")?.finding;
  const isUrl = finding?.code === "webhookEntered" || finding?.code === "webhookOff";
  return {
    address: publicUrl ? `${publicUrl.replace(/\/+$/, "")}${PATH}` : null,
    atLine: isUrl ? finding.url : null,
  };
}

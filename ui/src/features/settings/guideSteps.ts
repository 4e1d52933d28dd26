// What is known of each step to a channel. Nobody is told that something is done because it was
// typed in: LINE's own word counts.

import type { ChannelCheck, Point, Settings } from "../../bindings";
import { webhookOf } from "./webhook";

export type Known = "done" | "open" | "unknown";

type Secrets = Pick<Settings, "lineTokenSet" | "lineSecretSet" | "lineChannelId">;
type Kept = Secrets & Pick<Settings, "publicUrl">;

/** Whether there is a token to send with: one that was entered, or one minted from an id and a secret. */
export const hasToken = ({ lineTokenSet, lineSecretSet, lineChannelId }: Secrets): boolean =>
  lineTokenSet || (lineChannelId !== null && lineSecretSet);

/** Console, channel, token and secret, webhook, test. In practice mode the check is another LINE's. */
export function guideOf(kept: Kept, practice: boolean, found: ChannelCheck | undefined): Known[] {
  const { lineSecretSet, lineChannelId } = kept;
  const canSend = hasToken(kept);
  const looked = practice ? undefined : found;
  const isOk = (point: Point) => looked?.points.find((one) => one.point === point)?.state === "ok";
  const takesToken = isOk("account");
  const reached: Known = takesToken ? "done" : canSend || lineChannelId ? "unknown" : "open";
  const secrets: Known =
    !canSend || !lineSecretSet ? "open" : !looked ? "unknown" : takesToken ? "done" : "open";
  const { address, atLine } = webhookOf(kept, looked);
  const hasAddress = isOk("webhook") && (address === null || atLine === address);
  const webhook: Known = !looked ? "unknown" : hasAddress ? "done" : "open";
  const test: Known = !looked ? "unknown" : looked.canSend && looked.canHear ? "done" : "open";
  const later = (known: Known): Known => (canSend ? known : "open");
  return [reached, reached, secrets, later(webhook), later(test)];
}

// A question of a patient's and what became of it.

import type { Message } from "../../bindings";
import { useWords } from "../../i18n/useWords";
import { REPLIES, type Reply } from "../../labels";
import { chosen } from "../../lib/format";

export type Asked = { message: Message; reply: Reply };

/** The least and the greatest number a question may be answered with. */
export type Scale = { least: number; most: number };

/** A number as staff write it on a button; null for anything else. */
function read(value: string): number | null {
  const text = value.normalize("NFKC").trim().replace(",", ".");
  return /^\d{1,4}(\.\d{1,2})?$/.test(text) ? Number(text) : null;
}

/** The scale of a question all of whose answers are numbers; null for any other. */
export function scaleOf({ message }: Asked): Scale | null {
  const buttons = (message.feedback?.buttons ?? []).filter(({ action }) => action !== "postpone");
  const numbers = buttons.map(({ value, picker }) => (picker ? null : read(value)));
  const known = numbers.filter((one) => one !== null);
  if (known.length < numbers.length || new Set(known).size < 2) return null;
  return { least: Math.min(...known), most: Math.max(...known) };
}

/** The number a question on a scale was answered with; null while it was not. */
export function numberOf({ message }: Asked): number | null {
  const answer = message.answers.find(({ counted, action }) => counted && action !== "postpone");
  return answer ? read(answer.value) : null;
}

/** What became of a question, in words: what it was, and the answer that was given. */
export function useSaysReply() {
  const { t, locale } = useWords();
  return ({ message, reply }: Asked) => {
    const [answer] = message.answers;
    if (!answer) return t(REPLIES[reply]);
    const label = answer.picked ? chosen(answer.value, locale) : answer.label;
    return t("{reply}: “{label}”", { reply: t(REPLIES[reply]), label });
  };
}

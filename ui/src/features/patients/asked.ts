// A question of a patient's and what became of it.

import type { Message } from "../../bindings";
import { useWords } from "../../i18n/useWords";
import { REPLIES, type Reply } from "../../labels";
import { chosen } from "../../lib/format";

export type Asked = { message: Message; reply: Reply };

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

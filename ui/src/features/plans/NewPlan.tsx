// A care plan that begins: blank, as a copy, from an example or from a file. Nothing is saved
// before staff say so.

import { useQuery } from "@tanstack/react-query";
import { useLocation, useSearch } from "@tanstack/react-router";
import { LIMITS, type Protocol } from "../../bindings";
import { Loading } from "../../components/kit";
import { Unread } from "../../components/Unread";
import { type Locale, localeOf } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import type { Example } from "../../labels";
import { queryKey } from "../../lib/queryKey";
import { useGetProtocol } from "../../queries";
import { Editor } from "./Editor";
import { type PlanWritten, writtenOf } from "./written";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** What was read from a file: it stays with the place in the history, so that reloading keeps it. */
    plan?: PlanWritten;
  }
}

export function NewPlanScreen() {
  const { example, language, copy } = useSearch({ from: "/plans/new" });
  const { locale } = useWords();
  const read = useLocation({ select: ({ state }) => state.plan });
  if (copy) return <Copy key={copy} id={copy} />;
  if (example) {
    const words = language ?? localeOf(locale);
    return <FromExample key={`${example} ${words}`} example={example} locale={words} />;
  }
  return read ? <Editor start={{ plan: read, from: "file" }} /> : <Editor />;
}

function FromExample({ example, locale }: { example: Example; locale: Locale }) {
  const found = useQuery({
    queryKey: queryKey("example", example, locale),
    queryFn: async () => (await import("./examples")).exampleOf(example, locale),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (found.error) throw found.error;
  return found.data ? <Editor start={{ plan: found.data, from: "example" }} /> : <Loading rows={6} />;
}

function Copy({ id }: { id: string }) {
  const { t } = useWords();
  const plan = useGetProtocol({ id });
  if (!plan.data) return <Unread read={plan} list="/plans" />;
  return <Editor start={{ plan: copyOf(plan.data, t("Copy of {name}", plan.data)), from: "copy" }} />;
}

const copyOf = (plan: Protocol, name: string): PlanWritten => ({
  ...writtenOf(plan),
  name: [...name].slice(0, LIMITS.CreateProtocol.name.maxLength).join(""),
});

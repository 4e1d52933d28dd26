// A refusal where the act has no place of its own on the screen: a notice that stays.

import { notifications } from "@mantine/notifications";
import { useWords } from "../i18n/useWords";
import { PROBLEMS } from "../labels";
import type { ProblemError } from "../lib/transport";
import { refused } from "../sayings";

export function useSayRefused() {
  const { t, tell } = useWords();
  return ({ problem }: ProblemError) =>
    notifications.show({
      color: "red",
      title: t(PROBLEMS[problem.code]),
      message: refused(problem, t, tell),
      autoClose: false,
    });
}

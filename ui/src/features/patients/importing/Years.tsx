// Years of birth above 2400 or from 1 to 150: which calendar they are of is for staff to say.

import { Radio, Stack } from "@mantine/core";
import type { ImportYears, YearQuestion } from "../../../bindings";
import { useWords } from "../../../i18n/useWords";
import { birthday } from "../../../lib/birth";

type Props = {
  question: YearQuestion;
  chosen: ImportYears | null | undefined;
  choose: (years: ImportYears) => void;
};

export function Years({ question, chosen, choose }: Props) {
  const { t, locale } = useWords();
  const { rows, line, written } = question;
  const day = (iso: string) => ({ written, day: birthday(iso, locale) });
  return (
    <Radio.Group
      label={t("Buddhist or ROC year?")}
      description={t(
        "{n, plural, one {# birth date has} other {# birth dates have}} a year that is not of the Western calendar, such as {written} in line {line}.",
        { n: rows, written, line },
      )}
      value={chosen ?? null}
      onChange={(value) => {
        const years = (["buddhist", "roc", "gregorian"] as const).find((one) => one === value);
        if (years) choose(years);
      }}
    >
      <Stack gap="xs" mt="xs">
        {question.buddhist !== null && (
          <Radio value="buddhist" label={t("Buddhist years: {written} is {day}", day(question.buddhist))} />
        )}
        {question.roc !== null && (
          <Radio value="roc" label={t("ROC (Minguo) years: {written} is {day}", day(question.roc))} />
        )}
        <Radio value="gregorian" label={t("Neither: these dates are mistakes")} />
      </Stack>
    </Radio.Group>
  );
}

// The log as a file.

import { Alert, Button, Checkbox, Group, NativeSelect, Progress, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { ExportInteractions } from "../../bindings";
import { DayField } from "../../components/DayField";
import { Problem, Section } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { FORMATS, optionsOf } from "../../labels";
import { type Progress as Step, takeExport } from "../../lib/download";
import { number } from "../../lib/format";
import { useAct } from "../../lib/live";
import type { Range } from "./range";

export function Export({ range }: { range: Range }) {
  const { t } = useWords();
  const [own, setOwn] = useState<Partial<Range>>({});
  const [format, setFormat] = useState<"csv" | "json">("csv");
  const [pseudonymise, setPseudonymise] = useState(true);
  const [step, setStep] = useState<Step | null>(null);
  const take = useAct((input: ExportInteractions) => {
    setStep({ done: 0, total: 0 });
    return takeExport(input, setStep);
  });
  const days = { ...range, ...own };
  return (
    <Section title={t("Export the log")}>
      <Text size="sm">
        {t("One row for each message with its answer, for research and reports. Times are in UTC.")}
      </Text>
      <Group align="flex-start">
        <DayField label={t("From")} value={days.from} onChange={(from) => setOwn({ ...own, from })} />
        <DayField label={t("Until")} value={days.to} onChange={(to) => setOwn({ ...own, to })} />
        <NativeSelect
          label={t("File")}
          value={format}
          onChange={(event) => setFormat(event.currentTarget.value === "json" ? "json" : "csv")}
          data={optionsOf(FORMATS, t)}
        />
      </Group>
      <Checkbox
        label={t("Pseudonyms instead of names, numbers and ids")}
        checked={pseudonymise}
        onChange={(event) => setPseudonymise(event.currentTarget.checked)}
      />
      <Button
        w="fit-content"
        loading={take.isPending}
        onClick={() => take.mutate({ ...days, format, pseudonymise })}
      >
        {t("Export")}
      </Button>
      {take.isPending && step && <UnderWay step={step} />}
      {take.isSuccess && step && <Taken path={take.data} rows={step.total} />}
      <Problem error={take.error} />
    </Section>
  );
}

function UnderWay({ step: { done, total } }: { step: Step }) {
  const { t, locale } = useWords();
  return (
    <Stack gap={4} role="status">
      <Progress value={total > 0 ? (done / total) * 100 : 100} aria-label={t("Export the log")} />
      <Text size="sm">
        {t("{done} of {total, plural, one {# row} other {# rows}}", { done: number(done, locale), total })}
      </Text>
    </Stack>
  );
}

/** Where the file is, where that is known. */
function Taken({ path, rows: n }: { path: string | null; rows: number }) {
  const { t } = useWords();
  return (
    <Alert color="teal" role="status">
      {path
        ? t("{n, plural, one {# row is} other {# rows are}} in {path}", { n, path })
        : t("{n, plural, one {# row} other {# rows}} exported.", { n })}
    </Alert>
  );
}

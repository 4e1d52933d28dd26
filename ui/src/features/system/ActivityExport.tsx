// Everything that matches, as a file for a spreadsheet.

import { Button, Group, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useClinic, useNow } from "../../components/clinic";
import { Problem } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { saveText } from "../../lib/download";
import { isoDay, number } from "../../lib/format";
import { useAct } from "../../lib/live";
import { type ActivityFilter, activityCsv, MAX_FILE_ROWS, readActivity } from "./activityFile";

export function ActivityExport({ filter }: { filter: ActivityFilter }) {
  const { t, tell } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  const [read, setRead] = useState(0);
  const stopped = useRef(false);
  const name = `activity-${isoDay(now, timeZone)}.csv`;
  const take = useAct(async () => {
    stopped.current = false;
    setRead(0);
    const taken = await readActivity(filter, setRead, () => stopped.current);
    if (!taken) return null;
    const text = activityCsv(taken.rows, timeZone, t, tell);
    const path = await saveText(name, text, "text/csv");
    return { count: taken.rows.length, isCut: taken.isCut, path };
  });
  const stop = () => {
    stopped.current = true;
  };
  return (
    <Stack gap={4} align="flex-end">
      <Group gap="xs">
        {take.isPending && (
          <Button variant="subtle" onClick={stop}>
            {t("Stop")}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={take.isPending}
          onClick={() => take.mutate(undefined)}
        >
          {t("Export")}
        </Button>
      </Group>
      <Text size="sm" role="status" ta="end">
        {take.isPending && <Rows read={read} />}
        {take.isSuccess && <Result taken={take.data} />}
        {take.data?.path && <> {t("The file is {path}", { path: take.data.path })}</>}
      </Text>
      <Problem error={take.error} />
    </Stack>
  );
}

/** How many there are is not known before the last one is read. */
function Rows({ read: n }: { read: number }) {
  const { t } = useWords();
  return t("{n, plural, one {# row} other {# rows}} read so far.", { n });
}

type Made = { count: number; isCut: boolean; path: string | null };

function Result({ taken }: { taken: Made | null }) {
  const { t, locale } = useWords();
  if (!taken) return t("Stopped: there is no file.");
  if (taken.isCut)
    return t("The file has the newest {n} rows alone. Choose fewer days for those before them.", {
      n: number(MAX_FILE_ROWS, locale),
    });
  return t("{n, plural, one {# row} other {# rows}} exported.", { n: taken.count });
}

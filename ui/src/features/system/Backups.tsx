// The backups there are, making one now, and how one is put back.

import { Alert, Button, Code, Group, List, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { type Backups as AllBackups, type Backup, commands } from "../../bindings";
import { BusyButton } from "../../components/busy";
import { useClinic } from "../../components/clinic";
import { DataTable } from "../../components/DataTable";
import { Dialog, readForDialog } from "../../components/Dialog";
import { Loading, Problem, Section, When } from "../../components/kit";
import { May } from "../../components/may";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";
import { byteSize, dateTime, number } from "../../lib/format";
import { useAct } from "../../lib/live";
import { inWindow } from "../../lib/transport";
import { MINUTE_MS, SECOND_MS } from "../../lib/units";
import { useGetTask, useListBackups } from "../../queries";
import { refused } from "../../sayings";

const Restore = onDemand(async () => (await import("./Restore")).Restore);

/** A backup is made within seconds; a large one within a minute. */
const LOOK_EVERY = SECOND_MS;

export function Backups() {
  const { t } = useWords();
  const backups = useListBackups({}, { refetchInterval: MINUTE_MS });
  return (
    <Section
      title={t("Backups")}
      actions={<May ask="make_backup">{backups.data && <MakeOne all={backups.data} />}</May>}
    >
      <Problem error={backups.error} again={backups.refetch} />
      {backups.isLoading && <Loading />}
      {backups.data && <Shown all={backups.data} />}
    </Section>
  );
}

function MakeOne({ all }: { all: AllBackups }) {
  const { t } = useWords();
  const [taskId, setTaskId] = useState("");
  const task = useGetTask({ id: taskId }, { enabled: taskId !== "", refetchInterval: LOOK_EVERY });
  const make = useAct(commands.makeBackup, ({ id }) => setTaskId(id));
  const runs = task.data?.state === "running" || all.runningSince !== null;
  return (
    <Stack gap={4} align="flex-end">
      <Button loading={make.isPending || runs} onClick={() => make.mutate({})}>
        {t("Back up now")}
      </Button>
      <Text size="sm" role="status">
        {runs && t("A backup is being made; messages go out meanwhile.")}
        {!runs && task.data?.state === "done" && t("The backup is made.")}
      </Text>
      <Problem error={make.error} />
    </Stack>
  );
}

function Shown({ all }: { all: AllBackups }) {
  const { t, tell, locale } = useWords();
  return (
    <>
      {all.failed && (
        <Alert color="red" title={t("The last backup could not be made")}>
          <When at={all.failed.at} /> ·{" "}
          {refused({ refusal: all.failed.refusal, detail: all.failed.problem }, t, tell)}
        </Alert>
      )}
      {all.notRestored && (
        <Alert color="red" title={t("The backup could not be put back; the data are as they were.")}>
          <When at={all.notRestored.at} /> ·{" "}
          {refused({ refusal: all.notRestored.refusal, detail: all.notRestored.problem }, t, tell)}
        </Alert>
      )}
      {all.items.length === 0 ? (
        <Text>{t("There is no backup yet. Make one now: a disk can break at any time.")}</Text>
      ) : (
        <Made all={all} />
      )}
      <Text size="sm">
        {all.nextAt ? (
          <>
            {t("Next")}: <When at={all.nextAt} /> ·{" "}
            {t("Kept: all of today, and the last one of each of {n} days.", { n: number(all.kept, locale) })}
          </>
        ) : (
          t("None is made by itself: “keep” is 0 in config.toml.")
        )}
      </Text>
      <HowToPutBack folder={all.folder} />
    </>
  );
}

function Made({ all }: { all: AllBackups }) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <>
      <DataTable
        label={t("Backups")}
        columns={[t("Backed up"), t("Data"), t("Pictures and files"), t("Name of the backup"), ""]}
        minWidth={640}
      >
        {all.items.map((backup) => (
          <OneMade key={backup.name} backup={backup} onRestore={all.restorable ? setChosen : null} />
        ))}
      </DataTable>
      <Dialog
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        title={t("Put a backup back")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <Awaited>
          {chosen && <Restore key={chosen} name={chosen} all={all} onClose={() => setChosen(null)} />}
        </Awaited>
      </Dialog>
    </>
  );
}

function OneMade({ backup, onRestore }: { backup: Backup; onRestore: ((name: string) => void) | null }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const { name, madeAt, databaseBytes, files, fileBytes } = backup;
  return (
    <Table.Tr>
      <Table.Td>
        <When at={madeAt} />
      </Table.Td>
      <Table.Td>{byteSize(databaseBytes, locale)}</Table.Td>
      <Table.Td>{files === 0 ? "–" : `${number(files, locale)} · ${byteSize(fileBytes, locale)}`}</Table.Td>
      <Table.Td>
        <Code>{name}</Code>
      </Table.Td>
      <Table.Td>
        {onRestore && (
          <May ask="restore_backup">
            <BusyButton
              size="xs"
              variant="default"
              aria-label={t("Put back the backup of {when}", { when: dateTime(madeAt, locale, timeZone) })}
              onClick={() => readForDialog(Restore).then(() => onRestore(name))}
            >
              {t("Put back…")}
            </BusyButton>
          </May>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function HowToPutBack({ folder }: { folder: string }) {
  const { t } = useWords();
  return (
    <details>
      <summary>{t("How a backup is put back where Clinicue does not open any more")}</summary>
      <Stack gap="xs" mt="xs">
        <Group gap="xs">
          <Text size="sm">{t("The folder with the backups")}:</Text>
          <Code>{folder}</Code>
        </Group>
        <List type="ordered" size="sm">
          <List.Item>{t("Close Clinicue on this computer.")}</List.Item>
          <List.Item>
            {t("Run this, with the name of the backup:")}{" "}
            <Code>{`${inWindow ? "clinicue" : "clinicue-server"} restore NAME`}</Code>
          </List.Item>
          <List.Item>
            {t(
              "Start Clinicue. Nothing is sent until you say so; what was due since the backup is on the list of people who need you.",
            )}
          </List.Item>
        </List>
        <Text size="sm">
          {t("What is there now is kept beside it. Keep a copy of the folder on another disk as well.")}
        </Text>
      </Stack>
    </details>
  );
}

// Whether everything works, what the queues hold, what runs by itself, who did what, and what this program is.

import { Page } from "../../components/kit";
import { May } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { About } from "./About";
import { Activity } from "./Activity";
import { Backups } from "./Backups";
import { Care } from "./Care";
import { HealthLights } from "./HealthLights";
import { LogTail } from "./LogTail";
import { Numbers } from "./Numbers";
import { Queues } from "./Queues";
import { Recurring } from "./Recurring";

export function System() {
  const { t } = useWords();
  return (
    <Page title={t("System")}>
      <HealthLights />
      <Queues />
      <Recurring />
      <Numbers />
      <May ask="run_maintenance">
        <Care />
      </May>
      <May ask="list_backups">
        <Backups />
      </May>
      <May ask="list_audit">
        <Activity />
      </May>
      <May ask="list_log">
        <LogTail />
      </May>
      <About />
    </Page>
  );
}

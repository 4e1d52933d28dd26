// What goes out today, by the hour: what was, what is to come, when it is quiet, and where now is.

import { Group, Text, VisuallyHidden } from "@mantine/core";
import type { Hour, Today } from "../../bindings";
import { useClinic, useNow } from "../../components/clinic";
import { Section } from "../../components/kit";
import { Tip } from "../../components/Tip";
import { useWords } from "../../i18n/useWords";
import { clockTime, isoDay } from "../../lib/format";
import { isPartlyQuiet, quietPieces } from "../../lib/quiet";
import { wallOf } from "../../lib/zones";

/** The hour of the clock there. */
const hourOf = (at: number, timeZone: string) => Number(wallOf(at, timeZone).slice(11, 13));

/** The day by the hour. */
export function Strip({ day }: { day: Today }) {
  const { t } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  const { hours } = day;
  const quiet = quietPieces(day.quietHours);
  // About midnight the day shown and this clock's may differ for a moment.
  const isToday = isoDay(now, timeZone) === day.date;
  const hourNow = isToday ? hourOf(now, timeZone) : null;
  const most = Math.max(1, ...hours.map((h) => h.accepted + h.failed + h.toCome));
  const height = (count: number) => `${(count / most) * 100}%`;
  return (
    <Section title={t("The day by the hour")}>
      <div className="bars" aria-hidden>
        {hours.map((h) => (
          <Tip
            key={h.hour}
            label={t("{hour}:00: {accepted} accepted, {failed} failed, {toCome} to come", {
              hour: h.hour,
              accepted: h.accepted,
              failed: h.failed,
              toCome: h.toCome,
            })}
          >
            <div
              className={[
                isPartlyQuiet({ from: h.hour, to: h.hour + 1 }, quiet) && "quiet",
                h.hour === hourNow && "now",
              ]
                .filter(Boolean)
                .join(" ")}
            >
              <span style={{ height: height(h.accepted), background: "var(--mantine-color-clinic-6)" }} />
              <span style={{ height: height(h.failed), background: "var(--mantine-color-red-7)" }} />
              <span style={{ height: height(h.toCome), background: "var(--mantine-color-blue-4)" }} />
            </div>
          </Tip>
        ))}
      </div>
      <Legend day={day} isToday={isToday} />
      <AsTable hours={hours} />
    </Section>
  );
}

function Key({ color, label }: { color: string; label: string }) {
  return (
    <Group gap={6}>
      <span style={{ width: 12, height: 12, borderRadius: 3, background: color }} />
      <Text size="sm">{label}</Text>
    </Group>
  );
}

/** What the colours of the bars mean, and when now is. */
function Legend({ day, isToday }: { day: Today; isToday: boolean }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  const { quietHours } = day;
  return (
    <>
      <Group justify="space-between" aria-hidden>
        {["00", "06", "12", "18", "24"].map((hour) => (
          <Text key={hour} size="xs" c="dimmed">
            {hour}:00
          </Text>
        ))}
      </Group>
      <Group gap="lg">
        <Key color="var(--mantine-color-clinic-6)" label={t("Accepted by LINE")} />
        <Key color="var(--mantine-color-red-7)" label={t("Failed")} />
        <Key color="var(--mantine-color-blue-4)" label={t("To come")} />
        {quietHours && (
          <Key
            color="var(--quiet)"
            label={t("Quiet hours {start} to {end}", { start: quietHours.start, end: quietHours.end })}
          />
        )}
        {isToday && <Text size="sm">{t("Now {at}", { at: clockTime(now, locale, timeZone) })}</Text>}
      </Group>
    </>
  );
}

/** The same for those who do not see the bars. */
function AsTable({ hours }: { hours: Hour[] }) {
  const { t } = useWords();
  return (
    <VisuallyHidden>
      <table>
        <caption>{t("The day by the hour")}</caption>
        <tbody>
          {hours.map((h) => (
            <tr key={h.hour}>
              <th scope="row">{h.hour}:00</th>
              <td>{h.accepted}</td>
              <td>{h.failed}</td>
              <td>{h.toCome}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </VisuallyHidden>
  );
}

import { TextInput, type TextInputProps } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { useClinic } from "./clinic";

type Props = Omit<TextInputProps, "type" | "label" | "description" | "value" | "onChange"> & {
  /** `2026-12-01T09:00`. */
  wall: string;
  setWall: (wall: string) => void;
};

/** The time at which messages go out, by the clinic's clock. */
export function GoesOutAt({ wall, setWall, ...props }: Props) {
  const { t } = useWords();
  const { timeZone } = useClinic();
  return (
    <TextInput
      {...props}
      type="datetime-local"
      label={t("Goes out at")}
      description={t("In the clinic's time ({zone})", { zone: timeZone })}
      value={wall}
      onChange={(event) => setWall(event.currentTarget.value)}
    />
  );
}

import type { FieldProblem } from "../bindings";
import { useWords } from "../i18n/useWords";
import { WrongList } from "./kit";
import { wrongIn } from "./wrong";

/** What is wrong where no form knows the fields: they are called what the API calls them. */
export function WrongFields({ errors }: { errors: FieldProblem[] }) {
  const { t, tell } = useWords();
  return <WrongList wrong={wrongIn(errors, (field) => ({ field, place: field }), t, tell)} />;
}

import { useParams } from "@tanstack/react-router";
import { Patient } from "../features/patients/Patient";

export function PatientRoute() {
  const { id } = useParams({ from: "/patients/$id" });
  return <Patient key={id} id={id} />;
}

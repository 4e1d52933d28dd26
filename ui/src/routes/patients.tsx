import { Patients } from "../features/patients/Patients";

export const PatientsRoute = () => <Patients />;

import { Worklist } from "../features/worklist/Worklist";

export const WorklistRoute = () => <Worklist />;

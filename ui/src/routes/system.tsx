import { System } from "../features/system/System";

export const SystemRoute = () => <System />;

// What every unit test starts with: an empty page, an empty session, no server.
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

import { endSession } from "../api/session";

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.reject(new Error("this test has no server")));
});

afterEach(() => {
  cleanup();
  endSession();
  vi.unstubAllGlobals();
});

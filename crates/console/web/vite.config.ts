// How the console is built and unit-tested. Everything is a file of its own: the server's CSP allows no inline code.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.RAAS_URL ?? "http://127.0.0.1:8080";
const door = ["/rpc", "/account", "/stream", "/version", "/openapi.json"];

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: Object.fromEntries(door.map((path) => [path, server])) },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    css: false,
    restoreMocks: true,
  },
});

import { Socket } from "node:net";

// Loaded before each client: a connection to another machine fails before the name of that machine is even looked up.
const loopback = new Set([undefined, "127.0.0.1", "::1", "localhost"]);
const { connect } = Socket.prototype;

Socket.prototype.connect = function (...given) {
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  const host = typeof options === "object" ? options.host : given[1];
  if (!loopback.has(host)) throw new Error(`${host} is not this machine`);
  return connect.apply(this, given);
};

package dev.penstock.configmap;

import java.util.List;
import java.util.Optional;

/** Listeners, TCP and UDP, and what is nginx's alone. */
final class ProcessKeys {
  private ProcessKeys() {}

  private static final Syntax<String> WORKERS =
      new Syntax<>(
          "auto or a whole number from 1 to 1024",
          text ->
              text.equals("auto") || Syntax.number(1, 1024).parse(text).isPresent()
                  ? Optional.of(text)
                  : Optional.empty());

  static final List<Key> ALL =
      List.of(
          new Key.Waiting(
              "proxy-stream-timeout",
              Syntax.DURATION,
              "600s",
              "bounds the time between two reads or writes of a TCP or UDP stream"),
          new Key.Waiting(
              "proxy-stream-next-upstream",
              Syntax.BOOL,
              "true",
              "tries another endpoint for a TCP or UDP stream"),
          new Key.Waiting(
              "proxy-stream-next-upstream-timeout",
              Syntax.DURATION,
              "600s",
              "bounds the time of all these tries"),
          new Key.Waiting(
              "proxy-stream-next-upstream-tries",
              Syntax.COUNT,
              "3",
              "bounds the number of these tries"),
          new Key.Waiting(
              "proxy-stream-responses", Syntax.COUNT, "1", "says how many datagrams answer one"),
          new Key.Waiting(
              "bind-address",
              Syntax.CIDRS,
              "",
              "names the addresses of the listeners; --bind does so here"),
          new Key.Waiting(
              "disable-ipv6", Syntax.BOOL, "false", "opens no IPv6 listener; --bind decides here"),
          new Key.Waiting("disable-ipv6-dns", Syntax.BOOL, "false", "looks up no IPv6 address"),
          new Key.Waiting(
              "reuse-port",
              Syntax.BOOL,
              "true",
              "gives each event loop a listening socket of its own, as is always so here"),
          new Key.Waiting(
              "worker-processes",
              WORKERS,
              "auto",
              "sets the number of workers; --event-loops does so here"),
          new Key.Waiting(
              "worker-shutdown-timeout",
              Syntax.DURATION,
              "240s",
              "bounds the drain of connections; --drain-timeout does so here"),
          new Key.Waiting(
              "max-worker-connections", Syntax.COUNT, "16384", "bounds the connections"),
          new Key.Waiting(
              "nginx-status-ipv4-whitelist",
              Syntax.CIDRS,
              "127.0.0.1",
              "says who may read nginx's status page"),
          new Key.Waiting(
              "nginx-status-ipv6-whitelist",
              Syntax.CIDRS,
              "::1",
              "says who may read nginx's status page"));
}

package dev.penstock.core.listener;

import dev.penstock.core.host.Descriptors;
import dev.penstock.core.host.Host;
import dev.penstock.core.loop.Loop;
import dev.penstock.core.observe.DataPlane.AcceptFigures;
import dev.penstock.core.observe.DataPlane.ListenerFigures;
import dev.penstock.model.Listener;
import dev.penstock.model.Settings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Opens and closes the listening sockets: of each listener one for every event loop. Control
 * thread.
 */
public final class Listeners {
  private static final int HTTPS_PORT = 443;

  /** Puts TLS in front of a connection. */
  @FunctionalInterface
  public interface TlsEntry {
    /**
     * The first handler of a connection.
     *
     * @param ready gets the channel when the handshake is done and clear text follows
     */
    ChannelHandler handler(Consumer<Channel> ready);
  }

  private final Host host;
  private final IntFunction<LoopConnections> connections;
  private final IntFunction<TlsEntry> tls;
  private final int connectionsMax;
  private final List<Channel> sockets = new ArrayList<>();
  private volatile @Nullable ConnectionBound bound;
  private String description = "";
  private final Map<String, Integer> ports = new HashMap<>();
  private final List<ListenerMeters> meters = new CopyOnWriteArrayList<>();

  /**
   * @param connectionsMax client connections of all listeners together, at most; fewer when the
   *     limit of descriptors does not allow so many
   * @param connections of a loop, by its index
   * @param tls of a loop, by its index
   */
  public Listeners(
      Host host,
      int connectionsMax,
      IntFunction<LoopConnections> connections,
      IntFunction<TlsEntry> tls) {
    this.host = host;
    this.connectionsMax = connectionsMax;
    this.connections = connections;
    this.tls = tls;
  }

  /**
   * Opens all; on a failure those that were opened are closed.
   *
   * @throws IOException with a message for the operator: which listener, which address, what to do
   */
  public void open(List<Listener> listeners) throws IOException {
    int publicHttpsPort =
        listeners.stream()
            .filter(Listener::tls)
            .mapToInt(Listener::publicPort)
            .findFirst()
            .orElse(HTTPS_PORT);
    ConnectionBound within = bound;
    if (within == null) bound = within = bound();
    try {
      for (Listener listener : listeners) open(scope(listener, publicHttpsPort), within);
    } catch (IOException failed) {
      close();
      throw failed;
    }
  }

  private ListenerScope scope(Listener listener, int publicHttpsPort) {
    ListenerScope scope = new ListenerScope(listener, publicHttpsPort, host.loops().size());
    meters.add(scope.meters);
    return scope;
  }

  /**
   * The bound of the process, asked when everything else is open: what that has taken cannot be
   * given to clients.
   */
  private ConnectionBound bound() {
    Descriptors descriptors = Descriptors.now();
    int max = (int) Math.min(connectionsMax, descriptors.forClients());
    description = "at most " + max + " client connections";
    if (max < connectionsMax) {
      description +=
          " and not %d: half of what the limit of open files (%d) and the admin port leave, the other half is for backends; raise it for more"
              .formatted(connectionsMax, descriptors.limit());
    }
    return new ConnectionBound(max);
  }

  /** How many clients there may be, and why not more. */
  public String describe() {
    return description;
  }

  private void open(ListenerScope scope, ConnectionBound within) throws IOException {
    Listener listener = scope.listener;
    requireFree(List.of(listener));
    InetAddress address = InetAddress.getByName(listener.address());
    int port = listener.port();
    for (Loop loop : host.loops()) {
      if (loop.index() > 0 && !host.sharesPorts()) break;
      AcceptGate gate = new AcceptGate(loop, within);
      InetSocketAddress socket = new InetSocketAddress(address, port);
      var opened = host.bind(loop, socket, gate, pipeline(loop, scope)).awaitUninterruptibly();
      if (!opened.isSuccess()) throw refused(listener, opened.cause());
      sockets.add(opened.channel());
      port = ((InetSocketAddress) opened.channel().localAddress()).getPort();
    }
    ports.put(listener.name(), port);
  }

  /**
   * Fails when these could not all be opened now; opens none. With SO_REUSEPORT a second gateway
   * would bind the same port and take half of the connections, so it is asked without.
   *
   * @throws IOException as {@link #open} does
   */
  public static void requireFree(List<Listener> wanted) throws IOException {
    List<ServerSocket> probes = new ArrayList<>();
    try {
      for (Listener listener : wanted) {
        if (listener.port() != 0) probes.add(probe(listener));
      }
    } finally {
      for (ServerSocket probe : probes) probe.close();
    }
  }

  private static ServerSocket probe(Listener listener) throws IOException {
    ServerSocket probe = new ServerSocket();
    try {
      InetAddress address = InetAddress.getByName(listener.address());
      probe.bind(new InetSocketAddress(address, listener.port()), 1);
      return probe;
    } catch (IOException taken) {
      probe.close();
      throw refused(listener, taken);
    }
  }

  private static IOException refused(Listener listener, Throwable cause) {
    String why = String.valueOf(cause.getMessage());
    String what =
        why.contains("ermission denied")
            ? "binding it needs a right that this process has not: take a port above 1023, or grant CAP_NET_BIND_SERVICE"
            : why.contains("in use")
                ? "something listens there already: stop it, or choose another port"
                : why;
    BindException refused =
        new BindException(
            "listener "
                + listener.name()
                + " cannot listen on "
                + listener.address()
                + ":"
                + listener.port()
                + ": "
                + what);
    refused.initCause(cause);
    return refused;
  }

  private ChannelInitializer<Channel> pipeline(Loop loop, ListenerScope scope) {
    LoopConnections own = connections.apply(loop.index());
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        ConnectionEnd end = scope.meters.accepted(loop.index());
        channel.closeFuture().addListener(end);
        Settings settings = own.scope.published().current().settings();
        if (!settings.frontProxies().proxyProtocol()) {
          addTls(channel, end, Client.of(channel.remoteAddress(), scope));
          return;
        }
        channel
            .pipeline()
            .addLast(
                new ProxyHeaderEntry(
                    loop,
                    settings.deadlines().proxyHeader(),
                    end,
                    header ->
                        addTls(
                            channel,
                            end,
                            Client.of(channel.remoteAddress(), scope)
                                .said(header, settings.frontProxies()))));
      }

      private void addTls(Channel channel, ConnectionEnd end, Client client) {
        if (!scope.listener.tls()) {
          addHttp(channel, end, client);
          return;
        }
        end.securing();
        channel
            .pipeline()
            .addLast(
                tls.apply(loop.index())
                    .handler(ready -> {
                      end.secured();
                      addHttp(ready, end, client);
                    }));
      }

      private void addHttp(Channel channel, ConnectionEnd end, Client client) {
        channel.pipeline().addLast(new Http1Downstream(own, scope, channel, client, end));
      }
    };
  }

  /**
   * The port that is listened on.
   *
   * @throws IllegalArgumentException when there is no such open listener
   */
  public int port(String name) {
    Integer port = ports.get(name);
    if (port == null) throw new IllegalArgumentException("no open listener '" + name + "'");
    return port;
  }

  /** What was counted for each listener that was opened, in that order. Any thread. */
  public List<ListenerFigures> figures() {
    return meters.stream().map(ListenerMeters::figures).toList();
  }

  /** Of all listeners together. Any thread. */
  public AcceptFigures acceptFigures() {
    ConnectionBound current = bound;
    return current == null ? new AcceptFigures(connectionsMax, 0, 0) : current.figures();
  }

  /** Stops accepting; connections go on. */
  public void close() {
    for (Channel socket : sockets) socket.close().awaitUninterruptibly();
    sockets.clear();
  }
}

package dev.penstock.core.host;

import io.netty.channel.Channel;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What remote addresses hold of something that is scarce, of each the oldest first. Who sends more
 * than others then takes from himself: whoever has most loses first, and turns go round by address.
 *
 * <p>Looks at every address when it has to choose, of which there are no more than places. For one
 * thread.
 */
final class ByAddress<T> {
  /** Who had a turn goes to the end. */
  private final LinkedHashMap<String, SequencedSet<T>> shares = new LinkedHashMap<>();

  private int size;

  /** Without the port. */
  static String of(@Nullable SocketAddress remote) {
    String address = remote == null ? null : remote.hostAddress();
    return address == null ? "" : address; // it has closed already
  }

  static String of(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress().getHostAddress()
        : "";
  }

  void add(String address, T one) {
    if (shares.computeIfAbsent(address, first -> new LinkedHashSet<>()).add(one)) size++;
  }

  /** Nothing where it is not there. */
  void remove(String address, T one) {
    SequencedSet<T> share = shares.get(address);
    if (share == null || !share.remove(one)) return;
    size--;
    if (share.isEmpty()) shares.remove(address);
  }

  int size() {
    return size;
  }

  int count(String address) {
    SequencedSet<T> share = shares.get(address);
    return share == null ? 0 : share.size();
  }

  /** The address that has most; null when there is none. */
  @Nullable String most() {
    return next(address -> -count(address));
  }

  T oldest(String address) {
    return share(address).getFirst();
  }

  T newest(String address) {
    return share(address).getLast();
  }

  private SequencedSet<T> share(String address) {
    SequencedSet<T> share = shares.get(address);
    if (share == null) throw new IllegalStateException(address + " has none");
    return share;
  }

  /** Of the addresses with the least of this, the one that had no turn for longest. */
  @Nullable String next(ToIntFunction<String> least) {
    String next = null;
    for (String address : shares.keySet()) {
      if (next == null || least.applyAsInt(address) < least.applyAsInt(next)) next = address;
    }
    return next;
  }

  /** The oldest of this address, which had its turn by it. */
  T take(String address) {
    SequencedSet<T> share = share(address);
    T oldest = share.removeFirst();
    size--;
    shares.remove(address);
    if (!share.isEmpty()) shares.put(address, share);
    return oldest;
  }
}

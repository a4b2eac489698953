package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiEvent;
import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ApiPage;
import dev.penstock.ingress.source.ObjectKey;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the objects of one kind as the API server has them: lists them in pages, then watches from
 * the list's version on, and lists anew whenever the watch cannot be trusted to have told
 * everything.
 *
 * <pre>
 * LIST --believed--> WATCH --ended, cut, refused--> wait --> WATCH from the last version
 *  ^  '--doubted--> wait --'                                   |
 *  '------- 410, events out of order, refused or silent often -'
 * </pre>
 *
 * <p>The pages of a list are gathered aside, so that half a list changes nothing. All waiting is
 * bounded and with jitter ({@link Backoff}); a request that says nothing is given up. What was
 * known stays known until a believed list or an event says otherwise.
 *
 * <p>One thread.
 */
final class KindLoop<T> {
  /** Bytes of one event; of a larger one only so much is read. */
  static final int EVENT_BYTES_MAX = PageSize.BYTES_MAX;

  /**
   * A watch tells something every minute: a bookmark, when nothing happens. An API server whose
   * etcd reports no progress has none to tell when no object of the kind changes.
   */
  static final Duration WATCH_SILENCE_MAX = Duration.ofSeconds(90);

  /** Time without a byte of an answer, at first; doubled each time it passes, until a watch is. */
  static final Duration ANSWER_SILENCE_MIN = Duration.ofSeconds(5);

  static final Duration ANSWER_SILENCE_MAX = Duration.ofSeconds(20);

  /**
   * Between the beginnings of two lists, so that a server that breaks every watch is not flooded.
   */
  private static final Duration LIST_EVERY_MIN = Duration.ofSeconds(1);

  /**
   * Refusals in a row that are tried again like any fault: an API server that starts forbids
   * everything until it has read the roles.
   */
  private static final int FORBIDDEN_DOUBTED_MAX = 5;

  /** Refusals in a row after which a kind that need not be read is taken to be meant so. */
  private static final int FORBIDDEN_BELIEVED_MIN = 3;

  /** How often one asks for what is forbidden: somebody may change the rights. */
  private static final Duration FORBIDDEN_ASKED_EVERY = Duration.ofSeconds(10);

  /** A watch that lived so long was a good one. */
  private static final Duration GOOD_WATCH = Duration.ofSeconds(5);

  /** Watches in a row that were refused, after which what is known is no base for one. */
  private static final int WATCHES_IN_VAIN_MAX = 3;

  /** The server ends a watch after this and up to as much again. */
  private static final int WATCH_SECONDS = 240;

  private static final int GONE = 410;
  private static final int FORBIDDEN = 403;
  private static final int OK = 200;
  private static final Logger LOG = LoggerFactory.getLogger(KindLoop.class);

  private final Target<T> target;
  private final PageSize pageSize;
  private final Machinery machinery;
  private final KindLoopOwner owner;
  private final boolean forbiddenIsEmpty;
  private final Backoff backoff;
  private final ListTrust trust;
  private final ReadRoom.Part room;
  private final Watchdog watchdog;

  private KeptObjects<T> objects = new KeptObjects<>();
  private KeptObjects<T> gathered = new KeptObjects<>();
  private boolean isSynced;
  private boolean isStopped;
  private boolean isListing;

  /** What the next list brings back of what was given up. */
  private Set<ObjectKey> taken = Set.of();

  private String forbidden = "";

  /** From where a watch goes on, and the highest version seen; -1 = no number. */
  private String version = "";

  private long newest = -1;
  private long listBeganNanos;
  private boolean listed;
  private boolean isWatching;
  private long answerSilenceNanos = ANSWER_SILENCE_MIN.toNanos();
  private int watchesInVain;
  private int timesForbidden;

  private @Nullable ApiCall call;
  private @Nullable ScheduledFuture<?> next;
  private Again whenSilent = this::listAfter;

  /**
   * @param forbiddenIsEmpty whether a server that forbids the very first list has none of the kind
   * @param emptyFirstIsDoubted see {@link ListTrust}
   * @param room for what has arrived and is not read
   */
  KindLoop(
      Target<T> target,
      Machinery machinery,
      KindLoopOwner owner,
      boolean forbiddenIsEmpty,
      boolean emptyFirstIsDoubted,
      ReadRoom room) {
    this.target = target;
    this.pageSize = new PageSize(target.pageObjectsMax());
    this.machinery = machinery;
    this.owner = owner;
    this.forbiddenIsEmpty = forbiddenIsEmpty;
    this.backoff = new Backoff(machinery.random());
    this.trust = new ListTrust(emptyFirstIsDoubted);
    this.room = room.new Part();
    this.watchdog = new Watchdog(machinery.nanoTime(), this::schedule, this::onSilence);
  }

  void start() {
    list();
  }

  void stop() {
    isStopped = true;
    drop();
  }

  /** Whether a list was ever believed. */
  boolean isSynced() {
    return isSynced;
  }

  /** Whether it is taken to have no object because the server forbids to ask. */
  boolean isForbidden() {
    return !forbidden.isEmpty();
  }

  /** What the server said; empty when nothing is forbidden. */
  String forbidden() {
    return forbidden;
  }

  /** Whether it may be forbidden to read it. */
  boolean isOptional() {
    return forbiddenIsEmpty;
  }

  KeptObjects<T> objects() {
    return objects;
  }

  /**
   * What it has in memory: the objects, or those of a list that is being read once they are more.
   */
  KeptObjects<T> held() {
    return gathered.cost() > objects.cost() ? gathered : objects;
  }

  /**
   * Asks for everything once more, unless it does so already: there may be room now for what was
   * forgotten, and for these that were given up.
   */
  void listAnew(Set<ObjectKey> givenUp) {
    if (!isSynced || isForbidden() || isListing) return;
    taken = givenUp;
    listAfter(0);
  }

  /** Whether a watch is open. */
  boolean isWatching() {
    return isWatching;
  }

  /** Whether a list is being read or waited for. */
  boolean isListing() {
    return isListing && !isForbidden();
  }

  /** Takes an object that was given up, unless it is another one by now. */
  void takeBack(ApiObject<T> whole) {
    ApiObject<T> known = objects.get(whole.key());
    if (known == null || !known.isLeftOutOf(whole)) return;
    objects.put(whole);
    owner.changed(this);
  }

  Target<T> target() {
    return target;
  }

  private long now() {
    return machinery.nanoTime().getAsLong();
  }

  // ---- list

  private void list() {
    isListing = true;
    drop();
    gathered = new KeptObjects<>();
    listBeganNanos = now();
    listed = true;
    pageSize.begin();
    page("");
  }

  private void listAfter(long waitNanos) {
    isListing = true;
    long rest = listed ? listBeganNanos + LIST_EVERY_MIN.toNanos() - now() : 0;
    after(Math.max(waitNanos, rest), this::list);
  }

  private void page(String continued) {
    ask(
        target.listPath(pageSize.objects(), continued),
        new PageReceiver(continued),
        this::listAfter);
  }

  private final class PageReceiver implements ApiCall.Receiver {
    private final GatheredAnswer answer = new GatheredAnswer(PageSize.BYTES_MAX);
    private final String continued;

    PageReceiver(String continued) {
      this.continued = continued;
    }

    @Override
    public void onHead(int status, long retryAfterSeconds) {
      watchdog.heard();
      answer.head(status, retryAfterSeconds);
    }

    @Override
    public void onBytes(List<ByteBuffer> bytes) {
      watchdog.heard();
      if (!takes(bytes, KindLoop.this::listAfter) || answer.add(bytes)) return;
      if (pageSize.objects() == 1) {
        drop();
        onPage(answer, true);
        return;
      }
      pageSize.isTooLarge();
      page(continued);
    }

    @Override
    public void onEnd(String fault) {
      if (!fault.isEmpty()) {
        failed(fault, KindLoop.this::listAfter);
      } else if (answer.status() != OK) {
        listRefused(answer);
      } else {
        onPage(answer, false);
      }
    }
  }

  /**
   * @param isCut whether the object in it is larger than what is read
   */
  private void onPage(GatheredAnswer answer, boolean isCut) {
    ApiPage<T> page;
    try {
      page = target.kind().page(answer.bytes(), answer.length(), isCut);
    } catch (IOException malformed) {
      failed("the list cannot be read: " + malformed.getMessage(), this::listAfter);
      return;
    }
    page.objects().forEach(object -> gathered.put(asKnown(object)));
    owner.gathered();
    pageSize.hasRead(page.objects().size(), answer.length());
    if (page.next().isEmpty()) onList(page.version());
    else page(page.next());
  }

  /** What there was no room for has none now either, unless it is taken back. */
  private ApiObject<T> asKnown(ApiObject<T> listed) {
    ApiObject<T> known = objects.get(listed.key());
    if (known == null || !known.isLeftOutOf(listed) || taken.contains(listed.key())) {
      return listed.sharing(known);
    }
    ApiObject<T> less = target.kind().less(listed);
    return less == null ? listed : less.sharing(known);
  }

  private void onList(String listVersion) {
    long number = ResourceVersion.number(listVersion);
    ListTrust.Verdict verdict =
        trust.judge(
            isSynced ? objects.size() : -1,
            objects.missingIn(gathered),
            gathered.size(),
            number >= 0 && number < newest,
            listBeganNanos);
    if (!verdict.isBelieved()) {
      owner.failing(this, verdict.why());
      listAfter(verdict.waitNanos());
      return;
    }
    boolean isOther = !isSynced || isForbidden() || !gathered.isSame(objects);
    objects = gathered;
    gathered = new KeptObjects<>();
    version = listVersion;
    newest = number;
    isSynced = true;
    isListing = false;
    taken = Set.of();
    forbidden = "";
    timesForbidden = 0;
    watchesInVain = 0;
    owner.following(this);
    if (isOther) owner.changed(this);
    if (!isStopped) watch();
  }

  private void listRefused(GatheredAnswer answer) {
    if (answer.status() == GONE) {
      // The pages took too long, or the version of a watch did: from the beginning.
      listAfter(backoff.nextNanos());
      return;
    }
    if (answer.status() == FORBIDDEN && forbiddenIsEmpty && (!isSynced || isForbidden())) {
      boolean isBelieved =
          ++timesForbidden >= FORBIDDEN_BELIEVED_MIN && owner.isForbiddingMeant(this);
      if (!isBelieved && !isForbidden()) {
        failed(answer.reason(), this::listAfter);
        return;
      }
      forbidden = answer.reason();
      isSynced = true;
      owner.changed(this);
      if (!isStopped) listAfter(FORBIDDEN_ASKED_EVERY.toNanos());
      return;
    }
    long atLeast = waitNanos(answer);
    failed(answer.reason(), wait -> listAfter(Math.max(wait, atLeast)));
  }

  // ---- watch

  private void watch() {
    ask(
        target.watchPath(version, WATCH_SECONDS + machinery.random().nextInt(WATCH_SECONDS)),
        new WatchReceiver(),
        this::watchAgainAfter);
  }

  private final class WatchReceiver implements ApiCall.Receiver {
    private final GatheredAnswer answer = new GatheredAnswer(GatheredAnswer.ERROR_BYTES_MAX);
    private final LineSplitter lines = new LineSplitter(EVENT_BYTES_MAX);
    private final long beganNanos = now();

    @Override
    public void onHead(int status, long retryAfterSeconds) {
      answer.head(status, retryAfterSeconds);
      if (status != OK) return;
      watchdog.expectWithin(WATCH_SILENCE_MAX.toNanos());
      isWatching = true;
      answerSilenceNanos = ANSWER_SILENCE_MIN.toNanos();
      timesForbidden = 0;
      owner.following(KindLoop.this);
    }

    @Override
    public void onBytes(List<ByteBuffer> bytes) {
      watchdog.heard();
      ApiCall mine = call;
      if (answer.status() != OK) {
        answer.add(bytes);
        return;
      }
      if (!takes(bytes, wait -> after(wait, KindLoop.this::watch))) return;
      try {
        for (ByteBuffer buffer : bytes) onLines(buffer, mine);
      } catch (ProtocolException endless) {
        failed("an event cannot be read: " + endless.getMessage(), KindLoop.this::listAfter);
        return;
      }
      room.keep(lines.pending());
    }

    private void onLines(ByteBuffer buffer, @Nullable ApiCall mine) throws ProtocolException {
      while (mine != null && !mine.isOver()) {
        LineSplitter.Line line = lines.next(buffer);
        if (line == null) break;
        if (line.bytes().length > 0) onLine(line);
      }
    }

    @Override
    public void onEnd(String fault) {
      boolean wasGood = now() - beganNanos >= GOOD_WATCH.toNanos();
      if (wasGood) backoff.reset();
      if (answer.status() != 0 && answer.status() != OK) {
        watchRefused(answer);
      } else if (fault.isEmpty() && wasGood) {
        after(0, KindLoop.this::watch); // it has had its time
      } else {
        String why = fault.isEmpty() ? "the watch was ended at once" : fault;
        failed(why, wait -> after(wait, KindLoop.this::watch));
      }
    }
  }

  private void watchRefused(GatheredAnswer answer) {
    long atLeast = waitNanos(answer);
    if (answer.status() == GONE) {
      listAfter(backoff.nextNanos());
    } else {
      failed(answer.reason(), wait -> watchAgainAfter(Math.max(wait, atLeast)));
    }
  }

  /** To list is the most that can be asked of a server, which may be slow because much is. */
  private void watchAgainAfter(long waitNanos) {
    if (++watchesInVain >= WATCHES_IN_VAIN_MAX) listAfter(waitNanos);
    else after(waitNanos, this::watch);
  }

  private void onLine(LineSplitter.Line line) {
    ApiEvent<T> event;
    try {
      event = target.kind().event(line.bytes(), line.isCut());
    } catch (IOException | RuntimeException malformed) {
      // From the version before it would come again, for as long as the API server has it.
      failed("an event cannot be read: " + malformed.getMessage(), this::listAfter);
      return;
    }
    switch (event) {
      case ApiEvent.Present<T> present -> onObject(present.object(), false);
      case ApiEvent.Gone<T> gone -> onObject(gone.object(), true);
      case ApiEvent.Bookmark<T> bookmark -> onBookmark(bookmark.version());
      case ApiEvent.Failed<T> end -> onFailed(end.code(), end.message());
    }
  }

  private void onFailed(int code, String message) {
    if (code == GONE) {
      listAfter(backoff.nextNanos());
    } else {
      failed("the watch ended with " + code + ": " + message, this::listAfter);
    }
  }

  private void onBookmark(String bookmark) {
    long number = ResourceVersion.number(bookmark);
    if (number >= 0 && number < newest) {
      outOfOrder();
      return;
    }
    isGood(bookmark, number);
  }

  private void onObject(ApiObject<T> object, boolean isGone) {
    long number = ResourceVersion.number(object.version());
    ApiObject<T> before = objects.get(object.key());
    if (number >= 0 && number <= newest) {
      long known = before == null ? -1 : ResourceVersion.number(before.version());
      boolean isRepeated = before == null ? isGone : known >= number;
      if (!isRepeated) outOfOrder();
      return;
    }
    isGood(object.version(), number);
    owner.told(this, object.key());
    if (isGone) objects.remove(object.key());
    else objects.put(object);
    boolean isOther = isGone ? before != null : before == null || !object.isSame(before);
    if (isOther) owner.changed(this);
  }

  private void isGood(String seen, long number) {
    version = seen;
    newest = number;
    watchesInVain = 0;
    backoff.reset();
  }

  /** A watch tells everything once and in order; where it does not, a list has to say what is. */
  private void outOfOrder() {
    LOG.warn(
        "the watch of {} tells versions out of order (a restored or replaced API server?); listing"
            + " anew",
        target);
    listAfter(backoff.nextNanos());
  }

  // ---- asking and waiting

  /** Says how to go on after a wait. */
  private interface Again {
    void after(long waitNanos);
  }

  /** How long to wait at least before it is asked again. */
  private long waitNanos(GatheredAnswer answer) {
    if (answer.status() != FORBIDDEN) return answer.retryAfterNanos();
    return ++timesForbidden > FORBIDDEN_DOUBTED_MAX ? FORBIDDEN_ASKED_EVERY.toNanos() : 0;
  }

  private void failed(String why, Again again) {
    drop();
    owner.failing(this, why);
    if (!isStopped) again.after(backoff.nextNanos());
  }

  private void ask(String path, ApiCall.Receiver receiver, Again ifSilent) {
    drop();
    whenSilent = ifSilent;
    call = machinery.api().get(path, machinery.thread(), receiver);
    watchdog.expectWithin(answerSilenceNanos);
  }

  private void after(long waitNanos, Runnable task) {
    drop();
    if (isStopped) return;
    next = schedule(task, Math.max(0, waitNanos));
  }

  private ScheduledFuture<?> schedule(Runnable task, long waitNanos) {
    return machinery
        .thread()
        .schedule(
            () -> {
              try {
                task.run();
              } catch (RuntimeException bug) {
                LOG.error("following {} failed; it is begun again", target, bug);
                failed(bug.toString(), this::listAfter);
              }
            },
            waitNanos,
            TimeUnit.NANOSECONDS);
  }

  /** Whether there is room for bytes that came; if not, it is asked again later. */
  private boolean takes(List<ByteBuffer> bytes, Again again) {
    long more = bytes.stream().mapToLong(ByteBuffer::remaining).sum();
    if (room.take(more)) return true;
    failed("too much is being read at once", again);
    return false;
  }

  private void drop() {
    room.keep(0);
    if (call != null) call.cancel();
    watchdog.stop();
    if (next != null) next.cancel(false);
    call = null;
    next = null;
    isWatching = false;
  }

  private void onSilence(long silenceNanos) {
    boolean wasWatch = silenceNanos == WATCH_SILENCE_MAX.toNanos();
    if (wasWatch) {
      watchesInVain++; // one that told nothing for so long is as good as two that were refused
    } else {
      answerSilenceNanos = Math.min(2 * answerSilenceNanos, ANSWER_SILENCE_MAX.toNanos());
    }
    failed("no byte came for " + TimeUnit.NANOSECONDS.toSeconds(silenceNanos) + " s", whenSilent);
  }
}

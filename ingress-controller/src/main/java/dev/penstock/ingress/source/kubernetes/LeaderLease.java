package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.LeaseObject;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which replica writes: the one whose name stands in a Lease.
 *
 * <p>A Lease is taken as soon as it has not changed for its time on our own clock, less that
 * between two looks; the clock that wrote its times may go wrong. Who holds it counts from before
 * the renewal was sent and gives up writing long before, so that a write on its way is over before
 * somebody else may begin ({@link Election} has the times). One that is missing is made when it has
 * been for its time: while everything is being removed, nothing comes back. Each change of it names
 * the version that it was decided on: of two that reach for it one gets a 409.
 *
 * <p>One thread.
 */
final class LeaderLease implements Leadership {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderLease.class);

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final String BUSY = "somebody else has changed it";

  private final Election election;
  private final String identity;
  private final Machinery machinery;
  private final InstantSource wallClock;
  private final Owner owner;
  private final Backoff backoff;
  private final RareWarning failure;

  private boolean isLeading;
  private boolean isStopped;

  /** When the renewal was sent that was answered last. */
  private long renewedNanos;

  /** Since when there is no Lease; meaningful while {@link #isMissing}. */
  private long missingNanos;

  private boolean isMissing;
  private String version = "";
  private LeaseObject seen = new LeaseObject("", 0, 0);
  private long seenNanos;
  private @Nullable ApiRequest request;
  private @Nullable ScheduledFuture<?> next;
  private @Nullable ScheduledFuture<?> end;

  /**
   * @param identity of this process, like that of no other
   */
  LeaderLease(
      Election election,
      String identity,
      Machinery machinery,
      InstantSource wallClock,
      Owner owner) {
    this.election = election;
    this.identity = identity;
    this.machinery = machinery;
    this.wallClock = wallClock;
    this.owner = owner;
    this.backoff = new Backoff(machinery.random());
    this.failure = new RareWarning(LOG, machinery.nanoTime());
  }

  @Override
  public void start() {
    look();
  }

  @Override
  public boolean isLeading() {
    return isLeading && now() - renewedNanos < election.renewMax().toNanos();
  }

  /** Gives the Lease back, so that another replica need not wait for its end. */
  @Override
  public void release(Runnable then) {
    boolean wasLeading = isLeading();
    isStopped = true;
    isLeading = false;
    drop();
    if (end != null) end.cancel(false);
    if (!wasLeading) {
      then.run();
      return;
    }
    request =
        ApiRequest.send(
            machinery,
            ApiWrite.merge(path(), body(version, "", 1, seen.transitions(), false)),
            answer -> {
              if (!answer.isGood()) {
                LOG.info("lease {} ends by itself: {}", election.lease(), answer.reason());
              }
              then.run();
            });
  }

  private long now() {
    return machinery.nanoTime().getAsLong();
  }

  private String path() {
    return ApiKind.LEASE.path(election.lease().namespace()) + "/" + election.lease().name();
  }

  // ---- looking and taking

  private void look() {
    drop();
    if (!version.isEmpty() && (isLeading || freeInNanos() <= 0)) take();
    else request = ApiRequest.get(machinery, path(), this::onLease);
  }

  private void onLease(ApiRequest.Answer answer) {
    if (answer.fault().isEmpty() && answer.status() == NOT_FOUND) {
      if (!isMissing) missingNanos = now();
      isMissing = true;
      if (now() - missingNanos >= election.ttl().toNanos()) create();
      else works();
      return;
    }
    if (!answer.isGood() || !read(answer)) {
      failed(answer.isGood() ? "the Lease cannot be read" : answer.reason());
      return;
    }
    if (isLeading && !seen.holder().equals(identity)) lose("somebody else holds it");
    if (freeInNanos() <= 0) take();
    else works();
  }

  /** How long until the Lease that was seen may be taken, if it does not change; of our own: 0. */
  private long freeInNanos() {
    if (seen.holder().isEmpty() || seen.holder().equals(identity)) return 0;
    return seenNanos + Election.unchangedMin(seen.seconds()).toNanos() - now();
  }

  /** False when it is no Lease. */
  private boolean read(ApiRequest.Answer answer) {
    ApiObject<LeaseObject> object;
    try {
      object = ApiKind.LEASE.object(answer.body());
    } catch (IOException malformed) {
      return false;
    }
    LeaseObject lease = object.value();
    if (lease == null || object.version().isEmpty()) return false;
    if (!object.version().equals(version)) seenNanos = now();
    version = object.version();
    seen = lease;
    isMissing = false;
    return true;
  }

  private void create() {
    String path = ApiKind.LEASE.path(election.lease().namespace());
    write(ApiWrite.create(path, body("", identity, election.seconds(), 0, true)));
  }

  private void take() {
    boolean isNew = !seen.holder().equals(identity);
    int counted = Math.min(seen.transitions(), Integer.MAX_VALUE - 1);
    int transitions = isNew ? counted + 1 : seen.transitions();
    write(ApiWrite.merge(path(), body(version, identity, election.seconds(), transitions, isNew)));
  }

  private void write(ApiWrite write) {
    long sentNanos = now();
    request = ApiRequest.send(machinery, write, answer -> onWritten(answer, sentNanos));
  }

  private void onWritten(ApiRequest.Answer answer, long sentNanos) {
    if (!answer.isGood() || !read(answer)) {
      version = ""; // whatever it is now: look first
      failed(answer.status() == CONFLICT ? BUSY : answer.reason());
      return;
    }
    renewedNanos = sentNanos;
    if (end != null) end.cancel(false);
    String late = "it was not renewed for " + election.renewMax().toSeconds() + " s";
    end = schedule(() -> lose(late), sentNanos + election.renewMax().toNanos() - now());
    if (!isLeading) {
      isLeading = true;
      LOG.info("this replica leads: it holds the lease {}", election.lease());
      owner.leading();
    }
    works();
  }

  private void lose(String why) {
    if (!isLeading) return;
    isLeading = false;
    LOG.warn("this replica leads no more: of the lease {}, {}", election.lease(), why);
    owner.following();
  }

  private String body(
      String version, String holder, int seconds, int transitions, boolean isAcquired) {
    String micros = ApiWrite.micros(wallClock.instant());
    String metadata =
        version.isEmpty()
            ? "{\"name\":" + ApiWrite.quoted(election.lease().name()) + "}"
            : "{\"resourceVersion\":" + ApiWrite.quoted(version) + "}";
    return "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":"
        + metadata
        + ",\"spec\":{\"holderIdentity\":"
        + ApiWrite.quoted(holder)
        + ",\"leaseDurationSeconds\":"
        + seconds
        + (isAcquired ? ",\"acquireTime\":\"" + micros + "\"" : "")
        + ",\"renewTime\":\""
        + micros
        + "\",\"leaseTransitions\":"
        + transitions
        + "}}";
  }

  // ---- waiting

  private void works() {
    backoff.reset();
    failure.works();
    long halfNanos = election.retryMax().toNanos() / 2;
    long retryNanos = halfNanos + machinery.random().nextLong(halfNanos);
    after(isLeading || isMissing ? retryNanos : Math.min(retryNanos, freeInNanos()));
  }

  private void failed(String why) {
    if (!why.equals(BUSY)) {
      failure.tell(
          "the lease "
              + election.lease()
              + " cannot be had, so that this replica writes nothing to the cluster: "
              + why
              + "; it is tried again (the service account needs get, create and patch on leases)");
    }
    after(backoff.nextNanos());
  }

  private void after(long waitNanos) {
    drop();
    if (!isStopped) next = schedule(this::look, waitNanos);
  }

  private ScheduledFuture<?> schedule(Runnable task, long waitNanos) {
    return machinery.thread().schedule(task, Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
  }

  private void drop() {
    if (request != null) request.cancel();
    if (next != null) next.cancel(false);
    request = null;
    next = null;
  }
}

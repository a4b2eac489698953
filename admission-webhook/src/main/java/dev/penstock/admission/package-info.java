/**
 * The answer to an AdmissionReview: what the controller would say of an object, before it is
 * stored. Pure: no socket, file or log; whoever calls brings the objects of the cluster, and a
 * clock, by which what is dear is rationed.
 */
@NullMarked
package dev.penstock.admission;

import org.jspecify.annotations.NullMarked;

/*
 * The calls of libsrtp 3 that mediasoup-worker makes, declared over libsrtp 2's header.
 *
 * Version 3 made the policy an opaque object with setters, and gave the protect calls separate input and output buffers
 * with sizes. Where a name exists in both versions, the worker's use of it is renamed to srtp3_* by the defines below.
 */
#pragma once

#include <stddef.h>
#include <srtp2/srtp.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct prospect_srtp3_policy *srtp3_policy_t;

/* Error codes that version 2 lacks, with the values version 3 gives them. */
#define srtp_err_status_buffer_small ((srtp_err_status_t)28)
#define srtp_err_status_cryptex_err ((srtp_err_status_t)29)

srtp_err_status_t srtp_policy_create(srtp3_policy_t *policy);
void srtp_policy_destroy(srtp3_policy_t policy);
srtp_err_status_t srtp_policy_set_ssrc(srtp3_policy_t policy, srtp_ssrc_t ssrc);
srtp_err_status_t srtp_policy_set_profile(srtp3_policy_t policy, srtp_profile_t profile);
srtp_err_status_t srtp_policy_add_key(
    srtp3_policy_t policy,
    const uint8_t *key, size_t key_len,
    const uint8_t *salt, size_t salt_len,
    const uint8_t *mki, size_t mki_len);
srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp3_policy_t policy, int allow);
srtp_err_status_t srtp_policy_set_window_size(srtp3_policy_t policy, size_t size);

srtp_err_status_t srtp3_create(srtp_t *session, srtp3_policy_t policy);
srtp_err_status_t srtp3_protect(
    srtp_t session, const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len, size_t mki_index);
srtp_err_status_t srtp3_protect_rtcp(
    srtp_t session, const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len, size_t mki_index);
srtp_err_status_t srtp3_unprotect(srtp_t session, const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len);
srtp_err_status_t srtp3_unprotect_rtcp(srtp_t session, const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len);

#ifdef __cplusplus
}
#endif

/* srtp3.c itself has to see version 2's own names. */
#ifndef PROSPECT_SRTP3_IMPLEMENTATION
#define srtp_policy_t srtp3_policy_t
#define srtp_create srtp3_create
#define srtp_protect srtp3_protect
#define srtp_protect_rtcp srtp3_protect_rtcp
#define srtp_unprotect srtp3_unprotect
#define srtp_unprotect_rtcp srtp3_unprotect_rtcp
/* The same call under its older name. */
#define srtp_stream_remove srtp_remove_stream
#endif

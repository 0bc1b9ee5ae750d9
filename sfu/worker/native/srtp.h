// The calls of libsrtp 3 that the worker makes, answered by Debian's libsrtp 2.
//
// Three things changed between the two: a policy became an object with setters,
// a packet is read from one buffer and written to another, lengths are size_t.
#ifndef RTC_WORKER_SRTP_H
#define RTC_WORKER_SRTP_H

// Both versions call their policy srtp_policy_t; the old one steps aside.
#define srtp_policy_t srtp2_policy
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <algorithm>
#include <array>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <new>

// Errors that came with libsrtp 3, with the numbers that they have there.
constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
constexpr auto srtp_err_status_cryptex_err = static_cast<srtp_err_status_t>(29);

namespace srtp3
{
	class Policy
	{
	public:
		// The key is in here: leave nothing of it in freed memory. The writes
		// are volatile so that the compiler may not drop them.
		~Policy()
		{
			for (volatile uint8_t& byte : this->keyAndSalt)
				byte = 0;
		}

		srtp_err_status_t setProfile(srtp_profile_t profile)
		{
			const auto status = srtp_crypto_policy_set_from_profile_for_rtp(&this->values.rtp, profile);

			return status == srtp_err_status_ok
			         ? srtp_crypto_policy_set_from_profile_for_rtcp(&this->values.rtcp, profile)
			         : status;
		}

		// libsrtp 2 wants the salt right behind the key.
		srtp_err_status_t setKey(const uint8_t* key, size_t keyLength, const uint8_t* salt, size_t saltLength)
		{
			if (this->values.key || keyLength + saltLength > this->keyAndSalt.size())
				return srtp_err_status_bad_param;

			std::copy_n(salt, saltLength, std::copy_n(key, keyLength, this->keyAndSalt.begin()));
			this->values.key = this->keyAndSalt.data();

			return srtp_err_status_ok;
		}

		srtp2_policy values{};

	private:
		std::array<uint8_t, SRTP_MAX_KEY_LEN> keyAndSalt{};
	};

	// An operation of libsrtp 2: works in place, takes and leaves the length as int.
	using InPlace = srtp_err_status_t (*)(srtp_t, void*, int*);

	// Copies the packet to its destination and transforms it there. `growth` is
	// the most that the operation may append. Buffers may be the same, as they
	// are when the worker decrypts.
	inline srtp_err_status_t transform(
	  InPlace operation, size_t growth, srtp_t session, const uint8_t* from, size_t fromLength, uint8_t* to, size_t* toLength)
	{
		if (fromLength > INT_MAX - growth || fromLength + growth > *toLength)
			return srtp_err_status_buffer_small;

		if (from != to)
			std::copy_n(from, fromLength, to);

		int length = static_cast<int>(fromLength);
		const auto status = operation(session, to, &length);

		if (status == srtp_err_status_ok)
			*toLength = static_cast<size_t>(length);

		return status;
	}
} // namespace srtp3

using srtp_policy_t = srtp3::Policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) srtp3::Policy;

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->values.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	return policy->setProfile(profile);
}

// The worker has one key per session and no master key identifiers (MKI).
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLength,
  const uint8_t* salt,
  size_t saltLength,
  const uint8_t* mki,
  size_t mkiLength)
{
	if (mki || mkiLength > 0)
		return srtp_err_status_bad_param;

	return policy->setKey(key, keyLength, salt, saltLength);
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool isAllowed)
{
	policy->values.allow_repeat_tx = isAllowed ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t packets)
{
	policy->values.window_size = packets;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	if (!policy || !policy->values.key)
		return srtp_err_status_bad_param;

	// libsrtp 2 derives its session keys here and keeps no pointer to the policy.
	return srtp_create(session, static_cast<const srtp2_policy*>(&policy->values));
}

inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLength, uint8_t* srtp, size_t* srtpLength, size_t /*mki*/)
{
	return srtp3::transform(
	  static_cast<srtp3::InPlace>(&srtp_protect), SRTP_MAX_TRAILER_LEN, session, rtp, rtpLength, srtp, srtpLength);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLength, uint8_t* rtp, size_t* rtpLength)
{
	return srtp3::transform(
	  static_cast<srtp3::InPlace>(&srtp_unprotect), 0, session, srtp, srtpLength, rtp, rtpLength);
}

// SRTCP appends its index, 4 bytes, beside the tag (RFC 3711, section 3.4).
inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLength, uint8_t* srtcp, size_t* srtcpLength, size_t /*mki*/)
{
	return srtp3::transform(
	  static_cast<srtp3::InPlace>(&srtp_protect_rtcp),
	  SRTP_MAX_TRAILER_LEN + 4,
	  session,
	  rtcp,
	  rtcpLength,
	  srtcp,
	  srtcpLength);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLength, uint8_t* rtcp, size_t* rtcpLength)
{
	return srtp3::transform(
	  static_cast<srtp3::InPlace>(&srtp_unprotect_rtcp), 0, session, srtcp, srtcpLength, rtcp, rtcpLength);
}

#endif

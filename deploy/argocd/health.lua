-- Health of an RTCCluster or a TurnServer for Argo CD: what its condition Ready says, in its own words.
-- Reasons that go by by themselves, written by `npm run generate`; all others need a person.
local passing = {
  -- <passing>
  Asking = true,
  CanaryBaking = true,
  CanaryPending = true,
  CanaryStarting = true,
  ContainerCreating = true,
  Creating = true,
  Deleting = true,
  Deletion = true,
  Drained = true,
  DrainsForGood = true,
  Issuing = true,
  MinPodAge = true,
  NeverPublished = true,
  NotProbed = true,
  NotReady = true,
  NotTried = true,
  PeersSpreading = true,
  PodInitializing = true,
  PodsComing = true,
  PreviousSecretMissing = true,
  Propagating = true,
  ReplacedWithoutSessions = true,
  Reservation = true,
  RollingBack = true,
  RollingOut = true,
  Rollout = true,
  ScaleDown = true,
  Schedule = true,
  Scheduling = true,
  SecretDistributing = true,
  SecretSwitching = true,
  SecretsOverlap = true,
  Sessionless = true,
  SessionsActive = true,
  SpotInterruption = true,
  Starting = true,
  Terminating = true,
  TurnServerStarting = true,
  Velocity = true,
  WaitingForAvailable = true,
  WaitingForSpare = true,
  Window = true,
  -- </passing>
}

local function condition(kind)
  local status = obj.status or {}
  for _, one in ipairs(status.conditions or {}) do
    if one.type == kind then return one end
  end
  return { status = "Unknown", reason = "NotSaid", message = "No operator has looked at it yet." }
end

local ready = condition("Ready")
local text = ready.reason .. ": " .. ready.message
if obj.metadata.deletionTimestamp ~= nil then
  return { status = "Progressing", message = text }
end
if condition("ReconciliationPaused").status == "True" then
  return { status = "Suspended", message = condition("ReconciliationPaused").message }
end
local seen = (obj.status or {}).observedGeneration or 0
if seen < (obj.metadata.generation or 0) then
  return { status = "Progressing", message = "No operator has looked at this generation yet." }
end
if ready.status == "True" then
  return { status = "Healthy", message = text }
end
if ready.status == "Unknown" or passing[ready.reason] then
  return { status = "Progressing", message = text }
end
return { status = "Degraded", message = text }
